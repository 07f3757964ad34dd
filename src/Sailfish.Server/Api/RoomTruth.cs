using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Api;

/// <summary>
/// Which rooms there are for a caller. Where living rooms get their ids, one that is neither a living room nor used is no
/// room: a caller that writes there has the wrong number. Below, an app's own rooms exist by being named.
/// </summary>
internal sealed class RoomTruth(IRoomPolicy policy, RoomTable rooms, RoomViewers viewers, IMessageHistory history, AppTable apps, IRoomNews? news = null)
{
    /// <summary>Null for a room that there is, open or closed.</summary>
    public async ValueTask<ProblemHttpResult?> UnknownAsync(RoomKey key, CancellationToken cancellationToken) =>
        await IsKnownAsync(key, cancellationToken) ? null : Problems.NotFound("There is no such room.");

    /// <summary>Null for a room in which something can be done.</summary>
    public async ValueTask<ProblemHttpResult?> NotOpenAsync(RoomKey key, CancellationToken cancellationToken) =>
        await StatusOfAsync(key) == RoomStatus.Closed ? Problems.RoomClosed() : await UnknownAsync(key, cancellationToken);

    private async ValueTask<bool> IsKnownAsync(RoomKey key, CancellationToken cancellationToken) =>
        await StatusOfAsync(key) != RoomStatus.Unlisted
        || key.AppId != apps.First.AppId || key.RoomId < LivingRoom.FirstId
        || rooms.Find(key) is not null
        || await history.HasBegunAsync(key.Conversation, cancellationToken)
        || await viewers.IsJoinedElsewhereAsync(key, cancellationToken);

    /// <summary>A room that is not known here may have started on another node just now.</summary>
    private async ValueTask<RoomStatus> StatusOfAsync(RoomKey key)
    {
        if (news is not null && policy.StatusOf(key) == RoomStatus.Unlisted)
            await news.ReadAsync(key);
        return policy.StatusOf(key);
    }
}
