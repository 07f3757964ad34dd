using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// The scenarios of <see cref="FullPlan"/> without the peers, at their sizes, but for shorter periods: a pair is only as
/// good as the machine is alike in both halves of it, and that it is for seconds, not for minutes.
/// </summary>
internal static class PairsPlan
{
    /// <summary>Members of each of the small rooms.</summary>
    private const int Few = 10;

    /// <summary>The server's heap grows by regions of 4 MiB: with fewer sessions it is their steps that are compared.</summary>
    private const int Idlers = 16_000;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Middle = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    internal static IEnumerable<Step> Steps(LoadSettings settings, int many) => Step.InTurn(
        [new Step(Keys.Direct, new DirectScenario(Direct with { Period = Middle }), settings)],
        [new Step(Keys.DirectRate, new DirectScenario(Direct with { Period = Middle, Rate = 3000 }), settings)],
        RoomPlans.EachTransport(Room(many), settings),
        [new Step(Keys.RoomRate20, new RoomScenario(Room(1000) with { Period = Long, Rate = 20 }), settings)],
        [new Step(Keys.RoomRate2, new RoomScenario(Room(many) with { Period = Long, Rate = 2 }), settings)],
        RoomPlans.Growth([100], Room(many), settings),
        RoomPlans.Rooms(RoomPlans.SmallRooms(many / Few, Few, Middle) with { WarmUp = WarmUp }, settings).Take(1),
        RoomPlans.Slow(RoomPlans.SlowRoom(500, Middle), settings).Skip(1),
        [new Step(Keys.Storm, new StormScenario(new StormOptions { Sessions = many }), settings)],
        Idle(settings));

    private static DirectOptions Direct => new() { Pairs = 100, Period = Short, WarmUp = WarmUp };

    private static RoomOptions Room(int members) => new() { Members = members, Period = Middle, WarmUp = WarmUp };

    private static IEnumerable<Step> Idle(LoadSettings settings)
    {
        yield return new Step(Keys.IdleTcp, new IdleScenario(Idlers, Short), settings);
        yield return new Step(Keys.IdleWs, new IdleScenario(Idlers, Short), settings with { Transport = TransportKind.WsBinary });
    }
}
