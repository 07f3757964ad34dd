using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Sessions;

/// <summary>
/// Ends what lets users in: tokens, cookies and connections. What lets in goes first, then the connections: whoever comes
/// meanwhile finds it gone, or is among those that are closed.
/// </summary>
internal sealed class AccessService(
    AppTable apps, RevocationTable revocations, SuspensionTable suspensions, PageSessionTable pages, SessionService sessions)
{
    /// <summary>Voids the user's tokens and cookies; returns how many connections were closed.</summary>
    public async Task<int> KickAsync(UserKey user, CancellationToken cancellationToken) => await sessions.CloseAsync(
        user,
        ByeReason.Kicked,
        async () =>
        {
            await revocations.RevokeAsync(user, cancellationToken);
            await EndPagesAsync(user);
        });

    /// <summary>Lets the user in no more, for a time or until it is taken back; returns how many connections were closed.</summary>
    public async Task<int> SuspendAsync(UserKey user, TimeSpan? duration) => await sessions.CloseAsync(
        user,
        ByeReason.Kicked,
        async () =>
        {
            await suspensions.SetAsync(user, duration);
            await EndPagesAsync(user);
        });

    public Task UnsuspendAsync(UserKey user) => suspensions.ClearAsync(user);

    /// <summary>Ends a session of the page with its connections; false when the user has no such session.</summary>
    public Task<bool> EndAsync(UserKey user, string session) => EndAsync(user, session, ByeReason.SignedOut);

    /// <summary>Ends all of the user's sessions of the page but one, with their connections.</summary>
    public async Task EndOthersAsync(UserKey user, string session) => Close(user, [.. await pages.EndAsync(user.UserId, except: session)]);

    /// <summary>Ends the sessions of the page whose time is over, with their connections.</summary>
    public async Task EndRunOutAsync()
    {
        foreach (var session in await pages.ListRunOutAsync())
            await EndAsync(new UserKey(apps.First.AppId, session.AccountId), session.Id, ByeReason.SessionOver);
    }

    /// <summary>Closes the connections of sessions of the page that have ended.</summary>
    public void Close(UserKey user, HashSet<string> ended) => Close(user, ended, ByeReason.SignedOut);

    private void Close(UserKey user, HashSet<string> ended, ByeReason reason) =>
        sessions.Close(user, session => session.Identity.PageSession is { } page && ended.Contains(page), reason);

    private async Task<bool> EndAsync(UserKey user, string session, ByeReason reason)
    {
        var ended = await pages.EndAsync(user.UserId, session);
        Close(user, [session], reason);
        return ended.Count > 0;
    }

    private async Task EndPagesAsync(UserKey user)
    {
        if (user.AppId == apps.First.AppId)
            await pages.EndAsync(user.UserId);
    }
}
