using Sailfish.Server.Events;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Removes nodes that are given up, with their sessions and rooms; beside the renewals, which must not wait for it.</summary>
internal sealed class NodeReaper(PostgresDatabase database, IBus bus, TimeProvider time, ILogger<NodeReaper> logger)
{
    private readonly LeaseWatch _leases = new(time);
    private Task _reaping = Task.CompletedTask;

    /// <inheritdoc cref="LeaseWatch.Forget"/>
    public void Forget() => _leases.Forget();

    /// <summary>With each renewal of this node.</summary>
    public void Look(IReadOnlyCollection<NodeRow> others)
    {
        var silent = _leases.Look(others);
        if (silent.Count > 0 && _reaping.IsCompleted)
            _reaping = ReapAsync(silent);
    }

    /// <summary>This node stops: what is left of it goes, and the others know at once.</summary>
    public async Task LeaveAsync(long generation, CancellationToken cancellationToken)
    {
        await _reaping.WaitAsync(cancellationToken);
        Tell(await database.WriteAsync(connection => connection.RemoveNodeAsync(generation), cancellationToken));
    }

    private async Task ReapAsync(IReadOnlyList<NodeRow> silent)
    {
        foreach (var node in silent)
        {
            try
            {
                if (await database.WriteAsync(connection => connection.TryRemoveSilentNodeAsync(node.Generation, node.LeaseUntil)) is not { } offline)
                    continue;
                PostgresLog.NodeGivenUp(logger, node.Generation, node.Info.Name, offline.Count);
                Tell(offline);
            }
#pragma warning disable CA1031 // it is tried again with the next renewal
            catch (Exception failure)
#pragma warning restore CA1031
            {
                PostgresLog.NodeNotReaped(logger, failure, node.Generation);
            }
        }
    }

    private void Tell(IReadOnlyList<WentOffline> users)
    {
        if (!bus.HasSubscribers)
            return;
        foreach (var (appId, userId, epoch) in users)
            bus.Publish(new DomainEvent(EventTypes.UserOffline, appId, userId, epoch));
    }
}
