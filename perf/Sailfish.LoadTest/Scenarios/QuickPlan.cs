using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Every scenario at a size for a build: it judges no times, but losses, memory and allocations.</summary>
internal static class QuickPlan
{
    /// <summary>Enough that what a session takes stands out from what the process does by itself.</summary>
    private const int Sessions = 4000;

    private const int Members = 1000;

    /// <summary>Twice the targets of 10,000 sessions.</summary>
    private const double MaxTcpSession = 2 * 6 * 1024;
    private const double MaxWebSocketSession = 2 * 7 * 1024;

    /// <summary>
    /// Four times what a message's one encoding and its way through the log come to, shared out among the members: an
    /// object per receiver is far above it.
    /// </summary>
    private const double MaxAllocated = 32;

    private static readonly int[] GrowthSizes = [50, 500];
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    internal static IEnumerable<Step> Steps(LoadSettings settings, ResultSet results) => Step.InTurn(
        Idle(settings),
        RoomPlans.EachTransport(Room(Members), settings, new Bound(MetricNames.AllocatedPerDelivery, MaxAllocated)),
        [new Step(Keys.None, new RoomScenario(Room(Members / 2) with { Senders = 3 }), settings)],
        [new Step(Keys.None, new RoomScenario(Room(Members / 2) with { Rate = 20 }), settings with { Transport = TransportKind.WsJson })],
        DirectScenario.Saturated(Direct, settings, results),
        [new Step(Keys.DirectRate, new DirectScenario(Direct with { Rate = 200 }), settings with { Transport = TransportKind.WsBinary })],
        [new Step(Keys.Storm, new StormScenario(new StormOptions { Sessions = Members }), settings)],
        [AbuseScenario.Step(new AbuseOptions { Period = Period, MaxP99 = 100, IsRelative = true, Repeats = 3 }, settings)],
        RoomPlans.Slow(RoomPlans.SlowRoom(100, Period) with { WarmUp = TimeSpan.FromSeconds(4), Rate = 250 }, settings),
        RoomPlans.Rooms(RoomPlans.SmallRooms(100, 10, Period) with { WarmUp = WarmUp }, settings),
        RoomPlans.Growth(GrowthSizes, Room(Members), settings),
        VideoPlan.QuickSteps(settings),
        ClusterPlan.QuickSteps(settings));

    private static DirectOptions Direct => new() { Pairs = 20, Period = Period, WarmUp = WarmUp };

    private static RoomOptions Room(int members) => new() { Members = members, Period = Period, WarmUp = WarmUp };

    private static IEnumerable<Step> Idle(LoadSettings settings)
    {
        yield return new Step(Keys.IdleTcp, new IdleScenario(Sessions, Period), settings, new Bound(MetricNames.MemoryPerSession, MaxTcpSession));
        yield return new Step(
            Keys.IdleWs,
            new IdleScenario(Sessions, Period),
            settings with { Transport = TransportKind.WsBinary },
            new Bound(MetricNames.MemoryPerSession, MaxWebSocketSession));
    }
}
