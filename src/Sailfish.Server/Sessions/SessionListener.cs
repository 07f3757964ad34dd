using Sailfish.Server.Nodes;

namespace Sailfish.Server.Sessions;

/// <summary>What becomes of this node's sessions when the others end some of them, have given the node up, or the store has lost them.</summary>
internal sealed class SessionListener : INodeListener
{
    private readonly SharedSessions _shared;
    private readonly SessionExodus _exodus;
    private readonly NodeLease _lease;

    public SessionListener(SharedSessions shared, SessionExodus exodus, NodeLease lease, IChangeFeed feed)
    {
        (_shared, _exodus, _lease) = (shared, exodus, lease);
        feed.On(ChangeKind.Connection, CloseAsync);
    }

    public Task GivenUpAsync(CancellationToken cancellationToken) => _exodus.RunAsync(cancellationToken);

    public Task EraBegunAsync(CancellationToken cancellationToken) => _shared.EnterAgainAsync().WaitAsync(cancellationToken);

    private Task CloseAsync(Change change)
    {
        if (change is { A: { } connection, B: { } node } && node == _lease.Generation)
            _shared.CloseHere(connection, ByeReasons.Of(change.Word));
        return Task.CompletedTask;
    }
}
