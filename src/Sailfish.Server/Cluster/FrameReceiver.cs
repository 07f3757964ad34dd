using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Hands on what other nodes committed, for as long as this node's lease holds: after that the others may have given it up, and
/// its users may be elsewhere. What is not taken, for that or because too much waits, a repair reads from the log.
/// </summary>
internal sealed class FrameReceiver(Dispatcher dispatcher, SequencerRepair repair, NodeLease lease, TimeProvider time)
{
    /// <summary>
    /// What did not come was committed no longer ago than this when it is noticed: a server of the bus that hangs, and a node that
    /// is silent, are noticed after 3 s.
    /// </summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);

    private long _heldAt = time.GetTimestamp();

    public void Take(CommittedMessage[] messages)
    {
        // A frame may come in the thread that takes the sockets' events, which has other things to do.
        if (!NoteLease() || !dispatcher.TryReceive(messages, isEventThread: !Thread.CurrentThread.IsThreadPoolThread))
            Missed();
    }

    /// <summary>Something that others committed did not come, or was not taken.</summary>
    public void Missed() => Ask(RepairReason.FramesLost);

    /// <summary>The bus is away, or was.</summary>
    public void MissedBus() => Ask(RepairReason.BusAway);

    /// <summary>Whether the lease holds. To be asked from time to time: what comes to a process that stood still is as old as its last answer.</summary>
    public bool NoteLease()
    {
        if (!lease.IsValid)
            return false;
        Volatile.Write(ref _heldAt, time.GetTimestamp());
        return true;
    }

    private void Ask(RepairReason reason) => repair.Ask(reason, Noticed + time.GetElapsedTime(Volatile.Read(ref _heldAt)));
}
