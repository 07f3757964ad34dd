using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Keeps this node among those of the cluster, from before anything is appended until nothing is any more: renews its lease,
/// looks at the others, and begins anew where they have given it up. Whether a lease holds is judged by each side's own clock.
/// </summary>
internal sealed class NodeKeeper(
    PostgresNode node,
    NodeRenewal renewal,
    NodeReaper reaper,
    NodeListeners listeners,
    NodeState state,
    ClusterView view,
    ClockWatch clock,
    TimeProvider time,
    ILogger<NodeKeeper> logger) : BackgroundService
{
    /// <summary>While it does not hold: whoever waits for it waits for its renewal.</summary>
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(100);

    private Era? _era;
    private HashSet<long> _nodes = [];
    private bool _isGivenUp;
    private bool _hasToldOfDraining;

    /// <summary>Between renewals.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The others that start behind it find a node that has begun.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await StepAsync(cancellationToken);
        var begun = listeners.BegunAsync();
        await base.StartAsync(cancellationToken);
        await begun;
    }

    /// <summary>After all that appends has stopped.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await listeners.EndAsync().WaitAsync(cancellationToken);
            await reaper.LeaveAsync(node.Lease.Generation, cancellationToken);
        }
#pragma warning disable CA1031 // the others find out by its lease
        catch (Exception failure)
#pragma warning restore CA1031
        {
            PostgresLog.NodeNotRemoved(logger, failure);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await PauseAsync(stoppingToken);
            if (await StepAsync(stoppingToken))
                _ = listeners.BegunAsync();
        }
    }

    /// <summary>The others are to know at once when this node drains: nobody should be sent to it.</summary>
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        var pause = Task.Delay(view.IsDatabaseUp && node.Lease.IsValid ? Interval : ShortInterval, time, cancellationToken);
        if (_hasToldOfDraining)
            await pause;
        else
            await Task.WhenAny(pause, state.WhenDraining);
        _hasToldOfDraining |= state.IsDraining;
    }

    /// <summary>True when the node has begun anew.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_isGivenUp && await TryRenewAsync(cancellationToken))
                return false;
            await BeginAnewAsync(cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // whatever it is: without a lease this node is of no use, so it tries for as long as it runs
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (view.IsDatabaseUp)
                PostgresLog.NotRenewed(logger, failure);
            view.DatabaseAway();
            return false;
        }
    }

    /// <summary>False when this node's row is gone.</summary>
    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        var look = await renewal.RunAsync(node.Lease.Generation, cancellationToken);
        clock.Note(look);
        if (look.Nodes.All(other => other.Generation != node.Lease.Generation))
            return false;
        // Asked before it is extended: after a break nobody else is given up too soon.
        if (!node.Lease.IsValid)
            reaper.Forget();
        node.Lease.Extend(node.EndOf(look.Asked));
        if (!view.IsDatabaseUp)
            PostgresLog.RenewedAgain(logger);
        view.Renewed([.. look.Nodes.Select(row => row.Info)]);
        NoteEra(look.Era);
        NoteNodes(look.Nodes);
        return true;
    }

    private void NoteEra(Era era)
    {
        var isAnother = _era is { } known && known.Id != era.Id;
        _era = era;
        if (!isAnother)
            return;
        PostgresLog.EraBegun(logger, era.Number);
        reaper.Forget();
        listeners.EraBegun();
    }

    private void NoteNodes(IReadOnlyList<NodeRow> nodes)
    {
        reaper.Look([.. nodes.Where(other => other.Generation != node.Lease.Generation)]);
        var before = _nodes;
        _nodes = [.. nodes.Select(other => other.Generation)];
        if (before.Except(_nodes).ToList() is { Count: > 0 } gone)
            listeners.NodesGone(gone);
    }

    private async Task BeginAnewAsync(CancellationToken cancellationToken)
    {
        var generation = node.Lease.Generation;
        node.Lease.End();
        if (!_isGivenUp)
        {
            PostgresLog.GivenUp(logger, generation);
            await listeners.GivenUpAsync(cancellationToken);
        }

        _isGivenUp = true;
        await node.BeginAnewAsync(cancellationToken);
        _isGivenUp = false;
        _nodes.Remove(generation);
        reaper.Forget();
        PostgresLog.BegunAnew(logger, node.Lease.Generation);
    }
}
