namespace Sailfish.LoadTest.Results;

/// <summary>A figure of docs/performance.md that is compared from one version to the next.</summary>
/// <param name="Name">What it is, with its unit.</param>
/// <param name="Key">The result that has it.</param>
/// <param name="Metric">The result's metric.</param>
/// <param name="IsMoreBetter">Whether a larger value is the better one.</param>
internal sealed record Figure(string Name, string Key, string Metric, bool IsMoreBetter = false)
{
    /// <summary>Those that are compared.</summary>
    internal static readonly Figure[] All =
    [
        new("one-to-one, saturation, messages/s", Keys.Direct, MetricNames.Receipts, IsMoreBetter: true),
        new("… server CPU per message, ns", Keys.Direct, MetricNames.CpuPerDelivery),
        new("one-to-one at 3,000/s, receipt p50, ms", Keys.DirectRate, MetricNames.P50(MetricNames.Receipt)),
        new("… receipt p99, ms", Keys.DirectRate, MetricNames.P99(MetricNames.Receipt)),
        new("… server CPU per message, ns", Keys.DirectRate, MetricNames.CpuPerDelivery),
        new("room of 10,000, TCP, deliveries/s", Keys.RoomTcp, MetricNames.Deliveries, IsMoreBetter: true),
        new("… server CPU per delivery, ns", Keys.RoomTcp, MetricNames.CpuPerDelivery),
        new("… WebSocket binary, deliveries/s", Keys.RoomWsBinary, MetricNames.Deliveries, IsMoreBetter: true),
        new("… WebSocket JSON, deliveries/s", Keys.RoomWsJson, MetricNames.Deliveries, IsMoreBetter: true),
        new("… the seed's legacy path, deliveries/s", Keys.RoomWsLegacy, MetricNames.Deliveries, IsMoreBetter: true),
        new("room of 1,000 at 20/s, last member p50, ms", Keys.RoomRate20, MetricNames.P50(MetricNames.LastMember)),
        new("… last member p99, ms", Keys.RoomRate20, MetricNames.P99(MetricNames.LastMember)),
        new("room of 10,000 at 2/s, last member p50, ms", Keys.RoomRate2, MetricNames.P50(MetricNames.LastMember)),
        new("… last member p99 (the slowest of 20), ms", Keys.RoomRate2, MetricNames.P99(MetricNames.LastMember)),
        new("room of 100, server CPU per delivery, ns", Keys.Growth + "100", MetricNames.CpuPerDelivery),
        new("1,000 rooms of 10, server CPU per delivery, ns", Keys.RoomsMany, MetricNames.CpuPerDelivery),
        new("1 % slow members, p99 of the others, ms", Keys.SlowWith, MetricNames.P99(MetricNames.LastMember)),
        new("storm of 10,000, first login of all, s", Keys.Storm, MetricNames.AllInSync("login")),
        new("… server CPU per login, ns", Keys.Storm, MetricNames.CpuPerLogin),
        new("… all back and in sync, s", Keys.Storm, MetricNames.AllInSync("return")),
        new("idle session of 16,000, TCP, bytes", Keys.IdleTcp, MetricNames.MemoryPerSession),
        new("idle session of 16,000, WebSocket, bytes", Keys.IdleWs, MetricNames.MemoryPerSession),
    ];

    internal double Of(ResultSet results) => results.Value(Key, Metric);

    /// <summary>How much better one is than the other: 1 is as good, above is better, below is worse, whichever side is good.</summary>
    internal double Ratio(ResultSet mine, ResultSet other) => IsMoreBetter ? Of(mine) / Of(other) : Of(other) / Of(mine);
}
