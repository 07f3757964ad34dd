using System.Diagnostics.Metrics;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Sessions;

/// <summary>What goes out to sessions.</summary>
internal sealed class PushMetrics
{
    private readonly Counter<long> _pushed;
    private readonly Counter<long> _receipts;
    private readonly Counter<long> _resends;
    private readonly Counter<long> _dropped;

    public PushMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SailfishMeter.Name);
        _pushed = meter.CreateCounter<long>("sailfish.messages.out", "{message}", "Messages pushed, one a receiver");
        _receipts = meter.CreateCounter<long>("sailfish.receipts", "{receipt}", "Receipts sent");
        _resends = meter.CreateCounter<long>("sailfish.resends", "{message}", "Messages sent again for want of an ack");
        _dropped = meter.CreateCounter<long>("sailfish.messages.dropped", "{message}", "Pushes not made, by reason; the log still has the messages");
    }

    public void Pushed(long count) => _pushed.Add(count);

    public void Receipted() => _receipts.Add(1);

    public void Resent() => _resends.Add(1);

    /// <summary>The receiver's outbox was full, or the log did not give the messages.</summary>
    public void Behind(long count) => _dropped.Add(count, new KeyValuePair<string, object?>("reason", "behind"));

    /// <summary>Sent often enough without an ack.</summary>
    public void GaveUp() => _dropped.Add(1, new KeyValuePair<string, object?>("reason", "unacked"));
}
