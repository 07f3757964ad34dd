using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Sessions;

/// <summary>
/// Ends the sessions here of those whom another node has let in no more. What is remembered of it has been read anew by then,
/// so that nobody comes in behind.
/// </summary>
internal sealed class AccessWatch(
    IChangeFeed changes,
    RevocationTable revocations,
    SuspensionTable suspensions,
    BearerCheck bearers,
    AppTable apps,
    SessionTable table,
    SessionService sessions,
    ConnectionTable connections,
    ILogger<AccessWatch> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        changes.On(ChangeKind.Revocation, EndAsync);
        changes.On(ChangeKind.Suspension, EndAsync);
        changes.On(ChangeKind.PageSession, EndOfPageAsync);
        changes.OnMissed(EndAllAsync);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>By the time of the token: who has a newer one stays.</summary>
    private Task EndAsync(Change change)
    {
        if (change is { AppId: { } appId, A: { } userId })
            sessions.Close(new UserKey(appId, userId), IsOut, ByeReason.Kicked);
        return Task.CompletedTask;
    }

    private async Task EndOfPageAsync(Change change)
    {
        foreach (var session in table.Of(new UserKey(apps.First.AppId, change.A ?? 0)))
            await EndIfOverAsync(session);
    }

    private Task EndAllAsync()
    {
        List<Session> all = [.. connections.All().Select(connection => connection.Session).OfType<Session>()];
        foreach (var session in all.Where(IsOut))
            session.Connection.CloseWithBye(ByeReason.Kicked);
        // Each is a question to the store: what else was missed does not wait for it.
        _ = EndOverAsync(all);
        return Task.CompletedTask;
    }

    private async Task EndOverAsync(List<Session> all)
    {
        try
        {
            foreach (var session in all.Where(session => !session.Connection.IsClosing))
                await EndIfOverAsync(session);
        }
#pragma warning disable CA1031 // nobody waits for it
        catch (Exception fault)
#pragma warning restore CA1031
        {
            SessionLog.PageSessionsNotSeen(logger, fault);
        }
    }

    private async Task EndIfOverAsync(Session session)
    {
        if (!await bearers.IsPageSessionAliveAsync(session.Identity))
            session.Connection.CloseWithBye(ByeReason.SignedOut);
    }

    private bool IsOut(Session session) => revocations.IsRevoked(session.User, session.Identity.MintedAt) || suspensions.IsSuspended(session.User);
}
