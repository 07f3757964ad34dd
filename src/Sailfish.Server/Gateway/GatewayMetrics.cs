using System.Diagnostics.Metrics;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Sessions;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Gateway;

/// <summary>What the sockets do.</summary>
internal sealed class GatewayMetrics
{
    private readonly UpDownCounter<int> _connections;
    private readonly Counter<long> _framesIn;
    private readonly Counter<long> _pauses;
    private readonly Counter<long> _closed;

    public GatewayMetrics(IMeterFactory meters, ConnectionTable table)
    {
        var meter = meters.Create(SailfishMeter.Name);
        _connections = meter.CreateUpDownCounter<int>("sailfish.connections", "{connection}", "Open connections, by dialect");
        _framesIn = meter.CreateCounter<long>("sailfish.frames.in", "{frame}", "Frames received");
        _pauses = meter.CreateCounter<long>("sailfish.pauses", "{pause}", "Times that a connection was not read from because it sent too fast");
        _closed = meter.CreateCounter<long>("sailfish.connections.closed", "{connection}", "Connections that the server closed, by reason");
        meter.CreateObservableGauge("sailfish.outbox.bytes", () => table.All().Sum(c => (long)c.Outbox.WaitingBytes), "By", "Bytes that wait behind slow sockets");
    }

    public void Opened(Dialect dialect) => _connections.Add(1, Tag(dialect));

    public void Closed(Dialect dialect) => _connections.Add(-1, Tag(dialect));

    public void FrameIn() => _framesIn.Add(1);

    public void Paused() => _pauses.Add(1);

    public void ClosedFor(string reason) => _closed.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private static KeyValuePair<string, object?> Tag(Dialect dialect) => new("dialect", dialect.ToString());
}
