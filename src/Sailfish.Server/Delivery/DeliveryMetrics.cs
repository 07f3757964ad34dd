using System.Diagnostics.Metrics;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Delivery;

/// <summary>What comes from other nodes, and what does not come from them.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> _lost;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _repairs;
    private long _repairsForCause;

    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SailfishMeter.Name);
        _lost = meter.CreateCounter<long>("sailfish.feed.lost", "{frame}", "Frames of other nodes that were not taken, because too many waited");
        _gaps = meter.CreateCounter<long>("sailfish.feed.gaps", "{gap}", "Reads of the log for one-to-one messages that did not come, by result");
        _repairs = meter.CreateCounter<long>("sailfish.feed.repairs", "{repair}", "Looks into the store for messages that did not come, by reason");
    }

    /// <summary>Those that something gave cause for, since the start: not the rounds.</summary>
    public long Repairs => Volatile.Read(ref _repairsForCause);

    public void FrameLost() => _lost.Add(1);

    public void GapRead(bool isRead) => _gaps.Add(1, new KeyValuePair<string, object?>("result", isRead ? "read" : "behind"));

    public void Repaired(RepairReason reason)
    {
        _repairs.Add(1, new KeyValuePair<string, object?>("reason", RepairReasons.Word(reason)));
        if (reason != RepairReason.Rounds)
            Interlocked.Increment(ref _repairsForCause);
    }
}
