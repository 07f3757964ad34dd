using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Sharing;

namespace Sailfish.Server.Api;

internal static class StreamsApi
{
    public static void MapStreams(this RouteGroupBuilder api)
    {
        api.MapGet("/rooms/{id:long}/stream", GetAsync).WithName("GetStream").WithTags("Rooms").WithSummary("A room's live video").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/rooms/{id:long}/stream", StopAsync).WithName("StopStream").WithTags("Rooms").WithSummary("Cuts a room's publisher and ends the answers of its viewers")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<StreamResponse>, ProblemHttpResult>> GetAsync(long id, HttpContext context, StreamOffice office, CancellationToken cancellationToken)
    {
        if (!Ids.IsRoom(id))
            return RoomsApi.BadRoom();
        return await office.FindAsync(KeyOf(context, id), cancellationToken) is { } report ? TypedResults.Ok(Of(id, report)) : None();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> StopAsync(long id, HttpContext context, StreamOffice office, CancellationToken cancellationToken)
    {
        if (!Ids.IsRoom(id))
            return RoomsApi.BadRoom();
        return await office.StopAsync(KeyOf(context, id), cancellationToken) ? TypedResults.NoContent() : None();
    }

    private static StreamResponse Of(long room, StreamReport report) => new(
        room, report.State.ToWord(), report.Publisher, report.Kbps, Math.Round(report.FramesPerSecond, 1), report.Width, report.Height,
        report.Video?.ToWord(), report.Audio?.ToWord(), report.GopSeconds, report.Viewers, report.LateViewers, (long)report.Uptime.TotalSeconds);

    private static ProblemHttpResult None() => Problems.NotFound("Nobody publishes to this room.");

    private static RoomKey KeyOf(HttpContext context, long roomId) => new(ApiKeyAuthentication.AppOf(context).AppId, roomId);
}
