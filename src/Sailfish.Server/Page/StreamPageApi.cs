using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Publishing;
using Sailfish.Server.Media.Sharing;

namespace Sailfish.Server.Page;

/// <summary>/living/stream, /living/resetStreamKey and /live/publish: what an anchor publishes with.</summary>
internal static class StreamPageApi
{
    public static void MapStreamPage(this RouteGroupBuilder page)
    {
        page.MapPost("/living/stream", GetAsync);
        page.MapPost("/living/resetStreamKey", ResetKeyAsync);
        page.MapGet("/live/publish", PublishAsync);
    }

    private static async Task<IResult> GetAsync(
        PageInput? input, PageCaller caller, HttpContext context, LivingService living, LivingTable rooms, StreamOffice office, StreamKeys keys, EncoderAddress address, CancellationToken cancellationToken)
    {
        var (room, refusal) = await FindAsync(input, caller, living, rooms, cancellationToken);
        if (refusal is not null)
            return refusal;
        var stream = room is null ? null : await office.FindAsync(room.Key, cancellationToken);
        var (server, key) = (address.At(context.Request.Host.Host), await keys.KeyOfAsync(caller.User, cancellationToken));
        var state = (stream?.State ?? StreamState.Off).ToWord();
        if (room is null)
            return Envelope.Ok(new { server, key, state });
        return Envelope.Ok(new
        {
            server,
            key,
            state,
            kbps = stream?.Kbps ?? 0,
            fps = Math.Round(stream?.FramesPerSecond ?? 0, 1),
            width = stream?.Width ?? 0,
            height = stream?.Height ?? 0,
            video = stream?.Video?.ToWord() ?? "",
            audio = stream?.Audio?.ToWord() ?? "",
            gopSeconds = stream?.GopSeconds ?? 0,
            viewers = stream?.Viewers ?? 0,
            droppedViewers = stream?.LateViewers ?? 0,
            uptimeSeconds = (long)(stream?.Uptime.TotalSeconds ?? 0),
        });
    }

    private static async Task<IResult> ResetKeyAsync(
        PageInput? input, PageCaller caller, LivingService living, LivingTable rooms, StreamKeys keys, CancellationToken cancellationToken)
    {
        var (_, refusal) = await FindAsync(input, caller, living, rooms, cancellationToken);
        return refusal ?? Envelope.Ok(new { key = await keys.ResetAsync(caller.User, cancellationToken) });
    }

    /// <summary>Browsers see no status of a refused upgrade: what they are told is a close code.</summary>
    private static async Task PublishAsync(
        HttpContext context, AppTable apps, PublishDesk desk, MediaMetrics metrics, TimeProvider time, ILogger<PublishDesk> logger)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        if (context.Request.Headers.Origin.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var (account, session) = (await PageUser.FindAsync(context), await PageUser.FindSessionAsync(context));
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var publisher = new SocketPublisher(socket, metrics, time);
        if (account is null)
        {
            await publisher.RefuseAsync("Sign in first.");
            return;
        }

        var answer = await desk.ByPageAsync(new UserKey(apps.First.AppId, account.Id), session, publisher);
        if (answer is not { Stream: { } stream, Publication: { } publication })
        {
            await publisher.RefuseAsync(answer.Why!, answer.CloseCode);
            return;
        }

        MediaLog.Publishing(logger, account.Id, stream.Room.RoomId, "the page");
        await publisher.RunAsync(stream, publication);
        MediaLog.PublisherGone(logger, account.Id, stream.Room.RoomId, publisher.WhyCut, publisher.WhyBroken);
    }

    /// <summary>The caller's own room, or none where none is open and he may start one; else why not.</summary>
    private static async ValueTask<(LivingRoom? Room, IResult? Refusal)> FindAsync(
        PageInput? input, PageCaller caller, LivingService living, LivingTable rooms, CancellationToken cancellationToken)
    {
        var isNamed = input?.Text("roomId") is not (null or "");
        if (!isNamed && rooms.FindOf(caller.App.AppId, caller.Account.Id) is { } own)
            return (own, null);
        if (!isNamed)
            return await living.MayStartAsync(caller.App.AppId, caller.Account.Id, cancellationToken) ? (null, null) : (null, Envelope.NotAllowed("Only VIPs publish."));
        if (input!.Number("roomId") is not { } id || !Ids.IsRoom(id))
            return (null, Envelope.Bad("roomId is a room's."));
        var room = await living.FindAsync(new RoomKey(caller.App.AppId, id));
        return room?.Row.AnchorId == caller.Account.Id ? (room, null) : (null, Envelope.Business("Only the anchor of an open room publishes there."));
    }
}
