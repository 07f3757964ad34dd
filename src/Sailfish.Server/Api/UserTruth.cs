using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Api;

/// <summary>
/// Which users there are for a caller: where accounts of the page get their ids, one that is neither an account nor was
/// ever used is nobody. Any other id may be a product's user, of whom the server need not have heard.
/// </summary>
internal sealed class UserTruth(AppTable apps, AccountDirectory accounts, IUsedIdStore used)
{
    /// <summary>Null for a user whom there may be.</summary>
    public async ValueTask<ProblemHttpResult?> UnknownAsync(UserKey user, CancellationToken cancellationToken)
    {
        if (Ids.IsGuest(user.UserId))
            return Problems.NotFound("The id is a guest's, of whom nothing is kept.");
        var isKnown = user.AppId != apps.First.AppId || user.UserId < Account.FirstId
            || await accounts.FindAsync(user.AppId, user.UserId, cancellationToken) is not null
            || await used.HasAsync(user.AppId, user.UserId);
        return isKnown ? null : Problems.NotFound("Nobody has this id: neither has anybody signed up with it, nor was it ever used.");
    }
}
