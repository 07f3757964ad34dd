using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The sizes that the targets are about.</summary>
internal static class FullPlan
{
    private const int Many = 10_000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>For rates of a few messages a second, and for each session's heartbeat.</summary>
    private static readonly TimeSpan LongPeriod = TimeSpan.FromSeconds(30);

    internal static IEnumerable<Step> Steps(LoadSettings settings, ResultSet results) => Step.InTurn(
        Idle(settings),
        Room(settings),
        DirectScenario.Saturated(new DirectOptions { Pairs = 100, Period = Period }, settings, results),
        [new Step(Keys.DirectRate, new DirectScenario(new DirectOptions { Pairs = 100, Period = Period, Rate = 3000 }), settings)],
        [new Step(Keys.Storm, new StormScenario(new StormOptions { Sessions = Many }), settings)],
        [AbuseScenario.Step(new AbuseOptions(), settings)],
        RoomPlans.Slow(RoomPlans.SlowRoom(500, Period), settings),
        RoomPlans.Rooms(RoomPlans.SmallRooms(1000, Many / 1000, Period), settings),
        RoomPlans.Growth(RoomPlans.GrowthSizes, new RoomOptions { Members = Many, Period = Period }, settings),
        PeerPlan.Peers(Many, Many, Period, settings),
        VideoPlan.Steps(settings),
        ClusterPlan.Steps(settings));

    private static IEnumerable<Step> Idle(LoadSettings settings)
    {
        yield return new Step(Keys.IdleTcp, new IdleScenario(Many, LongPeriod), settings with { Transport = TransportKind.Tcp });
        yield return new Step(Keys.IdleWs, new IdleScenario(Many, LongPeriod), settings with { Transport = TransportKind.WsBinary });
    }

    private static IEnumerable<Step> Room(LoadSettings settings)
    {
        foreach (var step in RoomPlans.EachTransport(new RoomOptions { Members = Many, Period = Period }, settings))
            yield return step;
        yield return new Step(Keys.RoomRate20, new RoomScenario(new RoomOptions { Members = 1000, Period = LongPeriod, Rate = 20 }), settings);
        yield return new Step(Keys.RoomRate2, new RoomScenario(new RoomOptions { Members = Many, Period = LongPeriod, Rate = 2 }), settings);
    }
}
