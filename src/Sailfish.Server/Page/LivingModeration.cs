using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Page;

/// <summary>What an anchor may do to the viewers of the own room.</summary>
internal sealed class LivingModeration(LivingService living, AccountDirectory accounts, RoomService rooms, AuditLog audit, IGuestBook? guests = null)
{
    private static readonly TimeSpan DefaultBan = TimeSpan.FromMinutes(10);

    public async Task<IResult> MuteAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var (room, refusal) = await FindAsync("mute", anchor, roomId, userId);
        if (room is null)
            return refusal!;
        if (Ids.IsGuest(userId))
            return Refused("mute", anchor, roomId, userId, "Guests only read.");
        if (!await IsSeenAsync(room, userId, cancellationToken))
            return Refused("mute", anchor, roomId, userId, "Nobody of this id was in the room.");
        await rooms.MuteAsync(room.Key, userId, duration, cancellationToken);
        audit.Muted(anchor.Actor, roomId, userId, duration);
        return Envelope.Ok();
    }

    public async Task<IResult> UnmuteAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var (room, refusal) = await FindAsync("unmute", anchor, roomId, userId);
        if (room is null)
            return refusal!;
        await rooms.UnmuteAsync(room.Key, userId, cancellationToken);
        audit.Unmuted(anchor.Actor, roomId, userId);
        return Envelope.Ok();
    }

    public async Task<IResult> RemoveAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var (room, refusal) = await FindAsync("remove", anchor, roomId, userId);
        if (room is null)
            return refusal!;
        if (!await IsSeenAsync(room, userId, cancellationToken))
            return Refused("remove", anchor, roomId, userId, "Nobody of this id was in the room.");
        await rooms.KickAsync(room.Key, userId, duration ?? DefaultBan, cancellationToken);
        audit.Removed(anchor.Actor, roomId, userId, duration ?? DefaultBan);
        return Envelope.Ok();
    }

    public async Task<IResult> UnremoveAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var (room, refusal) = await FindAsync("unremove", anchor, roomId, userId);
        if (room is null)
            return refusal!;
        await rooms.UnbanAsync(room.Key, userId, cancellationToken);
        audit.Unremoved(anchor.Actor, roomId, userId);
        return Envelope.Ok();
    }

    /// <summary>The room in which it may be done; else why not.</summary>
    private async ValueTask<(LivingRoom? Room, IResult? Refusal)> FindAsync(string what, PageCaller anchor, long roomId, long userId)
    {
        var room = await living.FindAsync(new RoomKey(anchor.App.AppId, roomId));
        var why = room switch
        {
            null => "The room is not open.",
            _ when room.Row.AnchorId != anchor.Account.Id => "Only the anchor does this.",
            _ when userId == anchor.Account.Id => "Not to yourself.",
            _ => null,
        };
        return why is null ? (room, null) : (null, Refused(what, anchor, roomId, userId, why));
    }

    /// <summary>Restrictions are kept: not for users that there may never be.</summary>
    private async ValueTask<bool> IsSeenAsync(LivingRoom room, long userId, CancellationToken cancellationToken) =>
        room.HasSeen(userId)
        || await accounts.FindAsync(room.Key.AppId, userId, cancellationToken) is not null
        || await rooms.HasUserAsync(room.Key, userId, cancellationToken)
        || (guests is not null && await guests.HasSeenAsync(room.Key, userId, cancellationToken));

    private IResult Refused(string what, PageCaller who, long roomId, long userId, string why)
    {
        audit.ModerationRefused(who.Actor, what, roomId, userId, why);
        return Envelope.Business(why);
    }
}
