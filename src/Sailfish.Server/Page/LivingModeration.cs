using Sailfish.Server.Accounts;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Page;

/// <summary>What an anchor may do to the viewers of the own room.</summary>
internal sealed class LivingModeration(AppTable apps, LivingTable table, RoomService rooms)
{
    private static readonly TimeSpan DefaultBan = TimeSpan.FromMinutes(10);

    public async Task<IResult> MuteAsync(Account anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (Refusal(anchor, roomId, userId, out var key) is { } refusal)
            return refusal;
        await rooms.MuteAsync(key, userId, duration, cancellationToken);
        return Envelope.Ok();
    }

    public async Task<IResult> UnmuteAsync(Account anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (Refusal(anchor, roomId, userId, out var key) is { } refusal)
            return refusal;
        await rooms.UnmuteAsync(key, userId, cancellationToken);
        return Envelope.Ok();
    }

    public async Task<IResult> RemoveAsync(Account anchor, long roomId, long userId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (Refusal(anchor, roomId, userId, out var key) is { } refusal)
            return refusal;
        await rooms.KickAsync(key, userId, duration ?? DefaultBan, cancellationToken);
        return Envelope.Ok();
    }

    private IResult? Refusal(Account anchor, long roomId, long userId, out RoomKey key)
    {
        key = new RoomKey(apps.First.AppId, roomId);
        if (table.Find(key) is not { } room)
            return Envelope.Business("The room is not open.");
        if (room.Row.AnchorId != anchor.Id)
            return Envelope.Business("Only the anchor does this.");
        return userId == anchor.Id ? Envelope.Business("Not to yourself.") : null;
    }
}
