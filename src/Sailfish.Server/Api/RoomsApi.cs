using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Api;

internal static class RoomsApi
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;
    private const int MaxSeconds = 31_536_000;

    public static void MapRooms(this RouteGroupBuilder api)
    {
        api.MapGet("/rooms/{id:long}", GetAsync).WithName("GetRoom").WithTags("Rooms").WithSummary("A room's viewers").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/rooms/{id:long}/members", MembersAsync).WithName("RoomMembers").WithTags("Rooms").WithSummary("The users in a room, paged by cursor").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/rooms/{id:long}/mute", MuteAsync).WithName("MuteMember").WithTags("Rooms").WithSummary("Lets a user read but not write for a time")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/rooms/{id:long}/unmute", UnmuteAsync).WithName("UnmuteMember").WithTags("Rooms").WithSummary("Ends a mute")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/rooms/{id:long}/kick", KickAsync).WithName("KickMember").WithTags("Rooms").WithSummary("Removes a user from a room, and with seconds keeps the user out")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<RoomResponse>, ProblemHttpResult>> GetAsync(
        long id, HttpContext context, RoomTruth truth, RoomViewers viewers, LivingTable living, IRoomPolicy policy, IOptions<RoomsOptions> options, CancellationToken cancellationToken)
    {
        if (!Ids.IsRoom(id))
            return BadRoom();
        var key = KeyOf(context, id);
        if (await truth.UnknownAsync(key, cancellationToken) is { } unknown)
            return unknown;
        var audience = await viewers.ReadAsync(key, cancellationToken);
        var open = policy.StatusOf(key) switch
        {
            RoomStatus.Open => true,
            RoomStatus.Closed => false,
            _ => options.Value.JoinUnlisted,
        };
        var peak = Math.Max(audience.Peak, living.Find(key)?.Peak ?? 0);
        return TypedResults.Ok(new RoomResponse(id, audience.Viewers, (int)peak, open));
    }

    private static async Task<Results<Ok<MembersResponse>, ProblemHttpResult>> MembersAsync(
        long id, HttpContext context, RoomTruth truth, RoomService rooms, CancellationToken cancellationToken, long? cursor = null, int? limit = null)
    {
        if (!Ids.IsRoom(id))
            return BadRoom();
        var count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage || cursor < 0)
            return Problems.BadParameter($"limit is 1 to {MaxPage}, cursor what the last page gave.");
        if (await truth.UnknownAsync(KeyOf(context, id), cancellationToken) is { } unknown)
            return unknown;
        var users = await rooms.UsersAsync(KeyOf(context, id), cursor ?? 0, count + 1, cancellationToken);
        var page = users.Take(count).ToList();
        return TypedResults.Ok(new MembersResponse(page, users.Count > count ? page[^1] : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> MuteAsync(
        long id, ModerationRequest request, HttpContext context, RoomTruth truth, UsedIdTable used, RoomService rooms, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(id, request, context, truth, used, cancellationToken) is { } refusal)
            return refusal;
        if (Ids.IsGuest(request.UserId))
            return Problems.Guest();
        await rooms.MuteAsync(KeyOf(context, id), request.UserId, Seconds(request), cancellationToken);
        audit.Muted(ApiKeyAuthentication.ActorOf(context), id, request.UserId, Seconds(request));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnmuteAsync(
        long id, ModerationRequest request, HttpContext context, RoomTruth truth, UsedIdTable used, RoomService rooms, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(id, request, context, truth, used, cancellationToken) is { } refusal)
            return refusal;
        await rooms.UnmuteAsync(KeyOf(context, id), request.UserId, cancellationToken);
        audit.Unmuted(ApiKeyAuthentication.ActorOf(context), id, request.UserId);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<RoomKickResponse>, ProblemHttpResult>> KickAsync(
        long id, ModerationRequest request, HttpContext context, RoomTruth truth, UsedIdTable used, RoomService rooms, StreamOffice streams, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(id, request, context, truth, used, cancellationToken) is { } refusal)
            return refusal;
        var removed = await rooms.KickAsync(KeyOf(context, id), request.UserId, Seconds(request), cancellationToken);
        await streams.PutOutAsync(KeyOf(context, id), new UserKey(ApiKeyAuthentication.AppOf(context).AppId, request.UserId), cancellationToken);
        audit.Removed(ApiKeyAuthentication.ActorOf(context), id, request.UserId, Seconds(request));
        return TypedResults.Ok(new RoomKickResponse(removed));
    }

    private static TimeSpan? Seconds(ModerationRequest request) => request.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Null when it may be done; then the id of who it is about is noted as used.</summary>
    private static async Task<ProblemHttpResult?> RefusalAsync(
        long roomId, ModerationRequest request, HttpContext context, RoomTruth truth, UsedIdTable used, CancellationToken cancellationToken)
    {
        var room = KeyOf(context, roomId);
        if ((Refusal(roomId, request) ?? await truth.NotOpenAsync(room, cancellationToken)) is { } refusal)
            return refusal;
        await used.NoteAsync(new UserKey(room.AppId, request.UserId));
        return null;
    }

    private static ProblemHttpResult? Refusal(long roomId, ModerationRequest request)
    {
        if (!Ids.IsRoom(roomId))
            return BadRoom();
        if (!Ids.IsUser(request.UserId))
            return Problems.BadParameter("userId is 10000 to 2^53−1.");
        return request.Seconds is < 1 or > MaxSeconds ? Problems.BadParameter($"seconds is 1 to {MaxSeconds}.") : null;
    }

    private static RoomKey KeyOf(HttpContext context, long roomId) => new(ApiKeyAuthentication.AppOf(context).AppId, roomId);

    internal static ProblemHttpResult BadRoom() => Problems.BadParameter("A room id is 1 to 2^53−1.");
}
