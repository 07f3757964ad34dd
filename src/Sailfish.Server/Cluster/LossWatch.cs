using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster;

/// <summary>
/// While the bus is away, or another node is not heard that the store says is there, what they commit and change is looked for
/// again and again. So it comes a second late, and no later.
/// </summary>
internal sealed class LossWatch(
    ClusterNode node, FrameReceiver receiver, NodeLease lease, ClusterView view, TimeProvider time, IChangeHurry? changes = null) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(750);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    internal void Look()
    {
        receiver.NoteLease();
        if (node.Health == BusHealth.Away)
            receiver.MissedBus();
        else if (IsSomebodySilent())
            receiver.Missed();
        else
            return;
        changes?.Hurry();
    }

    private bool IsSomebodySilent() =>
        node.Link is { } link && view.Nodes.Any(other => other.Generation != lease.Generation && !link.IsHeard(other.Generation));
}
