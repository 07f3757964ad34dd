using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Accounts;

/// <summary>Who the bearer of a token is here: somebody with an account, and still signed in on the page, or an app's user.</summary>
internal sealed class BearerCheck(TokenService tokens, UsedIdTable used, AccountDirectory accounts, PageSessionTable pages)
{
    /// <summary>The bearer of a good token; null for any other, without saying which check failed.</summary>
    public async ValueTask<TokenIdentity?> FindAsync(string? token)
    {
        // All that was made to read it is gone before the store is waited for: a crowd waits together.
        if (await tokens.ReadAsync(token) is not { } identity)
            return null;
        // Who comes without an account leaves nothing behind: there may be any number of them.
        if (identity.IsGuest)
            return identity;
        // Not by IsAccountAsync: one more method that waits is one more object for each of the crowd.
        await used.NoteAsync(identity.User);
        if (await accounts.FindAsync(identity.User.AppId, identity.User.UserId, CancellationToken.None) is null)
            return identity;
        identity = identity with { IsAccount = true };
        return await IsPageSessionAliveAsync(identity) ? identity : null;
    }

    /// <summary>False when the token was fetched with a session of the page that has ended since.</summary>
    public async ValueTask<bool> IsPageSessionAliveAsync(TokenIdentity identity) =>
        !identity.IsAccount || identity.PageSession is not { } session || await pages.FindAsync(identity.User.UserId, session) is not null;

    /// <summary>Whether the user signed up on the page; who did not never will under this id from now on.</summary>
    public async ValueTask<bool> IsAccountAsync(UserKey user)
    {
        await used.NoteAsync(user);
        return await accounts.FindAsync(user.AppId, user.UserId, CancellationToken.None) is not null;
    }
}
