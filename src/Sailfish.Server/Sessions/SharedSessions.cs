using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Sessions;

/// <summary>
/// Sessions where there are several nodes: they are listed in a directory that all see, and those that must go for a new one may
/// be on another node.
/// </summary>
internal sealed class SharedSessions(
    ISessionDirectory directory,
    SessionTable table,
    ConnectionTable connections,
    NodeLease lease,
    IBus bus,
    TimeProvider time,
    ILogger<SharedSessions> logger,
    ISessionDelivery? delivery = null,
    ISessionCloser? closer = null)
{
    /// <summary>How long the end of a session waits for its acks.</summary>
    private static readonly TimeSpan AckLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long a LOGIN waits for the store: then the session is let in, and listed as soon as the store is back.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lists a session that is in the table already; null when that has to be made up for.</summary>
    public async Task<SessionEntry?> EnterAsync(Session session)
    {
        var began = time.GetTimestamp();
        var entering = directory.EnterAsync(session);
        try
        {
            return await entering.WaitAsync(Patience, time);
        }
        catch (TimeoutException) when (!entering.IsFaulted)
        {
            SessionLog.NotListed(logger, session.UserId, session.AppId, session.Connection.Id);
            _ = EnterLateAsync(session, entering, began);
            return null;
        }
    }

    /// <summary>Tells that the user came online, and ends what goes for the session.</summary>
    public void Take(Session session, SessionEntry entry)
    {
        if (entry.CameOnline)
            Publish(EventTypes.UserOnline, session, entry.Epoch);
        EndRemoved(entry);
    }

    /// <summary>Done when other nodes can see what the user has acked, or after a moment.</summary>
    public async Task SaveAcksAsync()
    {
        if (delivery is null)
            return;
        try
        {
            await delivery.SaveAcksAsync().WaitAsync(AckLimit, time);
        }
        catch (TimeoutException)
        {
            // Then messages may come twice.
        }
    }

    /// <summary>The session is in the table no more. Returns at once, and never throws.</summary>
    public void Leave(Session session) => _ = LeaveAsync(session);

    /// <summary>
    /// Voids what lets a user in, and ends its sessions on all nodes; returns how many those were. They are looked for before, too:
    /// a node that hears of it at once ends its own before they are looked for again.
    /// </summary>
    public async ValueTask<int> CloseAsync(UserKey user, Func<Task> voidAsync, Func<int> closeHere, ByeReason reason)
    {
        var before = await FindElsewhereAsync(user);
        await voidAsync();
        var closed = closeHere();
        var others = await FindElsewhereAsync(user);
        if (others.Count > 0)
            closer?.Close(others, reason);
        return closed + before.Concat(others).DistinctBy(session => session.ConnectionId).Count();
    }

    /// <summary>Another node has ended a session of this one. May come more than once.</summary>
    public void CloseHere(long connectionId, ByeReason reason)
    {
        if (connections.Find(connectionId) is not { Session: { } session } connection)
            return;
        table.Change(session.User, sessions => sessions.Remove(session));
        connection.CloseWithBye(reason);
    }

    /// <summary>Lists all sessions of this node again, for the store has lost them.</summary>
    public async Task EnterAgainAsync()
    {
        // All at once: the directory writes as many together as it can.
        await Task.WhenAll(table.All().ToList().Select(EnterAgainAsync));
        delivery?.StoreBeganAnew();
    }

    private async Task<List<SessionRow>> FindElsewhereAsync(UserKey user) =>
        [.. (await directory.FindAsync(user, CancellationToken.None)).Where(session => session.Node != lease.Generation)];

    private async Task EnterAgainAsync(Session session)
    {
        if (await TryEndAsync(session, directory.EnterAsync(session, isAgain: true)) is null)
            return;
        // It may have ended while it was listed.
        if (!table.Of(session.User).Contains(session))
            await LeaveAsync(session);
    }

    private async Task EnterLateAsync(Session session, Task<SessionEntry> entering, long began)
    {
        if (await TryEndAsync(session, entering) is not { } entry)
            return;
        if (entry.CameOnline)
            Publish(EventTypes.UserOnline, session, entry.Epoch);
        delivery?.Registered(time.GetElapsedTime(began));
    }

    /// <summary>Ends what goes for a session that is in already, or the session itself; null when it is not listed.</summary>
    private async Task<SessionEntry?> TryEndAsync(Session session, Task<SessionEntry> entering)
    {
        try
        {
            var entry = await entering;
            if (entry.IsRefused)
                CloseHere(session.Connection.Id, ByeReason.Kicked);
            else
                EndRemoved(entry);
            return entry.IsRefused ? null : entry;
        }
        catch (OperationCanceledException)
        {
            // It has ended meanwhile, or the server stops.
            return null;
        }
#pragma warning disable CA1031 // nobody waits for it: the client is sent away, and comes back
        catch (Exception fault)
#pragma warning restore CA1031
        {
            SessionLog.NotListedLate(logger, fault, session.Connection.Id);
            session.Connection.CloseWithBye(ByeReason.Draining, SessionExodus.Soon());
            return null;
        }
    }

    private async Task LeaveAsync(Session session)
    {
        try
        {
            await SaveAcksAsync();
            var exit = await directory.LeaveAsync(session);
            if (exit.WentOffline)
                Publish(EventTypes.UserOffline, session, exit.Epoch);
        }
#pragma warning disable CA1031 // nobody waits for it: what is left of it goes with the node
        catch (Exception fault)
#pragma warning restore CA1031
        {
            SessionLog.NotTakenOut(logger, fault, session.Connection.Id);
        }
    }

    private void EndRemoved(SessionEntry entry)
    {
        foreach (var (session, reason) in entry.Removed.Where(r => r.Session.Node == lease.Generation))
            CloseHere(session.ConnectionId, reason);
        if (closer is null)
            return;
        foreach (var others in entry.Removed.Where(r => r.Session.Node != lease.Generation).GroupBy(r => r.Reason, r => r.Session))
            closer.Close([.. others], others.Key);
    }

    private void Publish(string type, Session session, long epoch)
    {
        if (bus.HasSubscribers)
            bus.Publish(new DomainEvent(type, session.AppId, session.UserId, epoch));
    }
}
