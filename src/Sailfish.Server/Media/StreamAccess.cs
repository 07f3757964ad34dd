using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Media;

/// <summary>
/// Whether somebody who was let in has been put out since. All of it is in memory, which follows the store: on whichever node a user
/// is kicked, suspended, removed or signed out, the next look finds it.
/// </summary>
internal sealed class StreamAccess(RevocationTable revocations, SuspensionTable suspensions, RoomRestrictions restrictions, PageSessionTable pages)
{
    /// <summary>Whether somebody is not let in at all.</summary>
    public bool IsBarred(RoomKey room, UserKey user) =>
        suspensions.IsSuspended(user) || restrictions.Remaining(new RestrictionKey(room.AppId, room.RoomId, user.UserId, RestrictionKind.Banned)) is not null;

    /// <param name="room">Where.</param>
    /// <param name="user">Who.</param>
    /// <param name="since">When he was let in, in ms since 1970.</param>
    /// <param name="pageSession">The session of the page that he came with.</param>
    public async ValueTask<bool> IsOutAsync(RoomKey room, UserKey user, long since, string? pageSession) =>
        revocations.IsRevoked(user, since) || IsBarred(room, user) || (pageSession is not null && await pages.FindAsync(user.UserId, pageSession) is null);
}
