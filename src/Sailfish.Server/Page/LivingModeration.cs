using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Page;

/// <summary>What an anchor may do to the viewers of the own room.</summary>
internal sealed class LivingModeration(LivingTable table, AccountDirectory accounts, RoomTable members, RoomService rooms, AuditLog audit)
{
    private static readonly TimeSpan DefaultBan = TimeSpan.FromMinutes(10);

    public async Task<IResult> MuteAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (Refusal("mute", anchor, roomId, userId, out var key) is { } refusal)
            return refusal;
        if (!await IsSeenAsync(key, userId, cancellationToken))
            return Refused("mute", anchor, roomId, userId, "Nobody of this id was in the room.");
        await rooms.MuteAsync(key, userId, duration, cancellationToken);
        audit.Muted(anchor.Actor, roomId, userId, duration);
        return Envelope.Ok();
    }

    public async Task<IResult> UnmuteAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (Refusal("unmute", anchor, roomId, userId, out var key) is { } refusal)
            return refusal;
        await rooms.UnmuteAsync(key, userId, cancellationToken);
        audit.Unmuted(anchor.Actor, roomId, userId);
        return Envelope.Ok();
    }

    public async Task<IResult> RemoveAsync(PageCaller anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (Refusal("remove", anchor, roomId, userId, out var key) is { } refusal)
            return refusal;
        if (!await IsSeenAsync(key, userId, cancellationToken))
            return Refused("remove", anchor, roomId, userId, "Nobody of this id was in the room.");
        await rooms.KickAsync(key, userId, duration ?? DefaultBan, cancellationToken);
        audit.Removed(anchor.Actor, roomId, userId, duration ?? DefaultBan);
        return Envelope.Ok();
    }

    private IResult? Refusal(string what, PageCaller anchor, long roomId, long userId, out RoomKey key)
    {
        key = new RoomKey(anchor.App.AppId, roomId);
        var why = table.Find(key) switch
        {
            null => "The room is not open.",
            var room when room.Row.AnchorId != anchor.Account.Id => "Only the anchor does this.",
            _ when userId == anchor.Account.Id => "Not to yourself.",
            _ => null,
        };
        return why is null ? null : Refused(what, anchor, roomId, userId, why);
    }

    /// <summary>Restrictions are kept: not for users that there may never be.</summary>
    private async ValueTask<bool> IsSeenAsync(RoomKey key, long userId, CancellationToken cancellationToken) =>
        members.Find(key)?.HasUser(userId) == true
        || table.Find(key)?.HasSeen(userId) == true
        || await accounts.FindAsync(key.AppId, userId, cancellationToken) is not null;

    private IResult Refused(string what, PageCaller who, long roomId, long userId, string why)
    {
        audit.ModerationRefused(who.Actor, what, roomId, userId, why);
        return Envelope.Business(why);
    }
}
