using static Sailfish.LoadTest.Results.TargetRelation;

namespace Sailfish.LoadTest.Results;

/// <summary>What Sailfish is measured by.</summary>
internal static class Targets
{
    private const string Times = "×";

    private static readonly string[] SteadyKeys = [Keys.RoomTcp, Keys.RoomWsBinary, Keys.RoomWsJson, Keys.Direct, Keys.DirectRate];

    private static readonly Target[] All =
    [
        new("room, TCP, saturation", "deliveries/s", r => r.Value(Keys.RoomTcp, MetricNames.Deliveries), AtLeast, 1_200_000),
        new("room, TCP, against SignalR", Times, r => Deliveries(r, Keys.RoomTcp, Keys.RoomSignalR), AtLeast, 8),
        new("room, TCP, against one send per delivery", Times, r => Deliveries(r, Keys.RoomTcp, Keys.RoomFloor), AtLeast, 4),
        new("room, WebSocket binary against TCP", Times, r => Deliveries(r, Keys.RoomWsBinary, Keys.RoomTcp), AtLeast, 0.9),
        new("room, WebSocket JSON against TCP", Times, r => Deliveries(r, Keys.RoomWsJson, Keys.RoomTcp), AtLeast, 0.8),
        new("room, WebSocket JSON against SignalR", Times, r => Deliveries(r, Keys.RoomWsJson, Keys.RoomSignalR), Told),
        new("room, TCP, against nats-server", Times, r => Deliveries(r, Keys.RoomTcp, Keys.RoomNats), Told),
        new("room, WebSocket JSON against uWebSockets of Bun", Times, r => Deliveries(r, Keys.RoomWsJson, Keys.RoomUWebSockets), Told),
        new("room, WebSocket legacy against TCP", Times, r => Deliveries(r, Keys.RoomWsLegacy, Keys.RoomTcp), Told),
        new("room of 1,000, 20 messages/s, p99 to the last member", "ms", r => r.Value(Keys.RoomRate20, MetricNames.P99(MetricNames.LastMember)), AtMost, 15),
        new("room of 10,000, 2 messages/s, p99 to the last member", "ms", r => r.Value(Keys.RoomRate2, MetricNames.P99(MetricNames.LastMember)), AtMost, 60),
        new("room of 10,000, 2 messages/s, p50 to the last member", "ms", r => r.Value(Keys.RoomRate2, MetricNames.P50(MetricNames.LastMember)), Told),
        new("the same of one send per delivery and nothing else, p50", "ms", r => r.Value(Keys.RoomRate2Floor, MetricNames.P50(MetricNames.LastMember)), Told),
        new("idle session, TCP, process memory", "bytes", r => r.Value(Keys.IdleTcp, MetricNames.MemoryPerSession), AtMost, 6 * 1024),
        new("idle session, WebSocket, process memory", "bytes", r => r.Value(Keys.IdleWs, MetricNames.MemoryPerSession), AtMost, 7 * 1024),
        new("idle session, SignalR against WebSocket, process memory", Times, r => r.Ratio(Keys.IdleSignalR, Keys.IdleWs, MetricNames.MemoryPerSession), Told),
        new("idle session, nats-server against TCP, process memory", Times, r => r.Ratio(Keys.IdleNats, Keys.IdleTcp, MetricNames.MemoryPerSession), Told),
        new("idle session, uWebSockets of Bun against WebSocket, process memory", Times, r => r.Ratio(Keys.IdleUWebSockets, Keys.IdleWs, MetricNames.MemoryPerSession), Told),
        new("direct, durable, saturation", "messages/s", r => r.Value(Keys.Direct, MetricNames.Receipts), AtLeast, 12_000),
        new("direct, against the raw store", Times, r => r.Value(Keys.Direct, MetricNames.Receipts) / r.Value(Keys.Store, MetricNames.Stored), AtLeast, 0.65),
        new("direct at 3,000/s, receipt p99", "ms", r => r.Value(Keys.DirectRate, MetricNames.P99(MetricNames.Receipt)), AtMost, 15),
        new("storm of 10,000, all back in and in sync", "s", r => r.Value(Keys.Storm, MetricNames.AllInSync("return")), AtMost, 3),
        new("1 % slow members, p99 of the others against none slow", Times, r => r.Ratio(Keys.SlowWith, Keys.SlowWithout, MetricNames.P99(MetricNames.LastMember)), AtMost, 1.2),
        new("growth, 100 to 10,000 members, CPU per delivery, most against least", Times, Growth, AtMost, 1.5),
        new("growth, largest rise from a smaller room to a larger one", Times, Rise, Told),
        new("1,000 rooms of 10 against one of 10,000, CPU per delivery", Times, r => r.Ratio(Keys.RoomsMany, Keys.RoomsOne, MetricNames.CpuPerDelivery), AtMost, 2),
        new("allocated per delivery, room, TCP, saturation", "bytes", r => r.Value(Keys.RoomTcp, MetricNames.AllocatedPerDelivery), AtMost, 1),
        new("gen-2 blocking pause, longest", "ms", r => SteadyKeys.Select(k => r.Value(k, MetricNames.FullPause)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max(), AtMost, 10),
        new("video, 1,000 viewers of 1 Mbit/s, CPU against bare sends", Times, r => r.Value(Keys.Video, MetricNames.CpuBy(MetricNames.VideoFloor)), AtMost, 1.4),
        new("… over HTTP, against bare sends", Times, r => r.Value(Keys.VideoHttp, MetricNames.CpuBy(MetricNames.VideoFloor)), Told),
        new("… over HTTP, against node-media-server", Times, r => r.Value(Keys.VideoHttp, MetricNames.CpuBy(MetricNames.NodeMediaServer)), Told),
        new("… process memory per viewer", "bytes", r => r.Value(Keys.Video, MetricNames.MemoryPerViewer), AtMost, 8 * 1024),
        new("… from connecting to the first picture, p95", "ms", r => r.Value(Keys.Video, MetricNames.PictureP95), AtMost, 600),
        new("… of whom 30 % never read, growth of process memory in 70 s", "MiB", r => r.Value(Keys.VideoDead, MetricNames.MemoryGrowth), AtMost, 16),
        new("… kernel memory of one who never reads", "bytes", r => r.Value(Keys.VideoDead, MetricNames.KernelPerDead), AtMost, 256 * 1024),
        new("… direct at 100/s beside them, p99 above max(1.5 × alone, alone + 5 ms)", "ms", BesideVideo, AtMost, 0),
        new("three nodes, direct, durable, saturation", "messages/s", r => r.Value(Keys.ClusterAppend, MetricNames.Receipts), AtLeast, 12_000),
        new("three nodes, direct, against the bare appends", Times, r => r.Value(Keys.ClusterAppend, MetricNames.DirectByAppend), AtLeast, 0.65),
        new("three nodes, direct at 1,000/s, receipt p99", "ms", r => r.Value(Keys.ClusterDirectRate, MetricNames.P99(MetricNames.Receipt)), AtMost, 15),
        new("three nodes, direct at 1,000/s, p99 to the receiver on another node", "ms", r => r.Value(Keys.ClusterDirectRate, MetricNames.P99(MetricNames.Delivery)), AtMost, 20),
        new("three nodes, room of 3,000 against one of 30, bus frames per message", Times, r => BySize(r, MetricNames.FramesPer(MetricNames.Message)), AtMost, 1.2),
        new("three nodes, room of 3,000 against one of 30, database CPU per message", Times, r => BySize(r, MetricNames.DatabaseCpuPer(MetricNames.Message)), AtMost, 1.5),
        new("three nodes, room on one of them, bus frames per message", "", r => r.Value(Keys.ClusterOver + "1", MetricNames.FramesPer(MetricNames.Message)), Told),
        new("three nodes, room on two of them, bus frames per message", "", r => r.Value(Keys.ClusterOver + "2", MetricNames.FramesPer(MetricNames.Message)), Told),
        new("three nodes, room on all of them, bus frames per message", "", r => r.Value(Keys.ClusterRoom + "300", MetricNames.FramesPer(MetricNames.Message)), Told),
        new("three nodes, room on all against on one, database CPU per message", Times, r => r.Ratio(Keys.ClusterRoom + "300", Keys.ClusterOver + "1", MetricNames.DatabaseCpuPer(MetricNames.Message)), Told),
        new("three nodes, room whose sender is on another node against on the same", Times, r => r.Value(Keys.ClusterPlace, MetricNames.ApartByTogether), AtLeast, 0.9),
        new("three nodes, 10,000 log in at once", "s", r => r.Value(Keys.ClusterStorm, MetricNames.AllInSync("login")), AtMost, 6),
        new("three nodes, one killed, its 3,000 users back and in sync", "s", r => r.Value(Keys.ClusterDeath, MetricNames.AllInSync("death")), AtMost, 5),
        new("three nodes, one killed, who stays away is read offline", "s", r => r.Value(Keys.ClusterDeath, MetricNames.ReadOffline), AtMost, 9),
        new("three nodes, one killed, user.offline is published", "s", r => r.Value(Keys.ClusterDeath, MetricNames.OfflinePublished), AtMost, 13),
    ];

    /// <summary>Those that the results have what it takes for.</summary>
    internal static IReadOnlyList<TargetOutcome> Of(ResultSet results, bool areJudged) =>
    [
        .. All.Select(t => (Target: t, Measured: t.Measure(results)))
            .Where(m => double.IsFinite(m.Measured))
            .Select(m => new TargetOutcome(m.Target, m.Measured, areJudged && m.Target.Relation != Told ? m.Target.IsMet(m.Measured) : null)),
    ];

    private static double Deliveries(ResultSet results, string key, string against) => results.Ratio(key, against, MetricNames.Deliveries);

    private static double BySize(ResultSet results, string metric) => results.Ratio(Keys.ClusterRoom + "3000", Keys.ClusterRoom + "30", metric);

    private static double BesideVideo(ResultSet results)
    {
        var p99 = MetricNames.P99(MetricNames.Delivery);
        var alone = results.Value(Keys.VideoChat, MetricNames.Alone(p99));
        return results.Value(Keys.VideoChat, MetricNames.BesideVideo(p99)) - Math.Max(1.5 * alone, alone + 5);
    }

    private static double Rise(ResultSet results)
    {
        var costs = results.Growth().Select(p => p.CpuNanoseconds).ToArray();
        return costs.Length < 2 ? double.NaN : costs.Skip(1).Select((cost, i) => cost / costs[..(i + 1)].Min()).Max();
    }

    private static double Growth(ResultSet results)
    {
        var costs = results.Growth().Select(p => p.CpuNanoseconds).ToArray();
        return costs.Length < 2 ? double.NaN : costs.Max() / costs.Min();
    }
}
