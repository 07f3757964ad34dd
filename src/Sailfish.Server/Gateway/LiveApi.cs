using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Gateway;

/// <summary>Streams as endless answers of HTTP. WebSockets are answered before they come so far (see WebSocketUpgrade).</summary>
internal static class LiveApi
{
    private const string Type = "video/x-flv";
    private const int SoonSeconds = 1;
    private const string NoRelay = "no_relay";

    public static void MapLive(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<MediaOptions>>().Value.Enabled)
            return;
        app.MapGetAndHead("/live/{room}.flv", WatchAsync).ExcludeFromDescription();
        app.MapGetAndHead("/flv", WatchAsync).ExcludeFromDescription();
    }

    private static async Task WatchAsync(HttpContext context, OriginCheck origins, ViewerDesk desk)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        // Routes take other cases and a slash behind; a path is ours as it is written, over a WebSocket too.
        if (!ViewRequest.IsView(context.Request.Path.Value))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var wish = ViewRequest.Parse(context.Request.Path.Value, context.Request.QueryString.Value ?? "");
        if (context.Request.Headers.Origin.FirstOrDefault() is { } origin)
        {
            if (!origins.IsAllowed(origin, context.Request.Host.Value))
            {
                response.StatusCode = await desk.IsKnownAsync(wish) ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
                return;
            }

            (response.Headers.AccessControlAllowOrigin, response.Headers.Vary) = (origin, "Origin");
        }

        var answer = await desk.AskAsync(wish, ClientAddress.EndPointOf(context), context.RequestAborted);
        if (answer.Refusal != ViewRefusal.None)
        {
            await RefuseAsync(response, answer.Refusal);
        }
        else if (HttpMethods.IsHead(context.Request.Method))
        {
            WriteHead(response);
            desk.Return(answer.Pass!);
        }
        else
        {
            await SendAsync(context, desk, answer);
        }
    }

    public static async Task SendAsync(HttpContext context, ViewerDesk desk, ViewAnswer answer)
    {
        WriteHead(context.Response);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = context.RequestAborted.Register(() => gone.TrySetResult());
        await desk.ServeAsync(answer, new ResponseTransport(context), isWebSocket: false, _ => gone.Task);
    }

    private static void WriteHead(HttpResponse response)
    {
        response.ContentType = Type;
        // A proxy is not to gather what comes, and the connection ends with the stream.
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.Connection = "close";
    }

    public static async Task RefuseAsync(HttpResponse response, ViewRefusal refusal)
    {
        response.StatusCode = refusal switch
        {
            ViewRefusal.NoToken => StatusCodes.Status401Unauthorized,
            ViewRefusal.NotAllowed => StatusCodes.Status403Forbidden,
            ViewRefusal.Full or ViewRefusal.Draining or ViewRefusal.NoRelay => StatusCodes.Status503ServiceUnavailable,
            ViewRefusal.Loop => StatusCodes.Status508LoopDetected,
            _ => StatusCodes.Status404NotFound,
        };
        if (refusal == ViewRefusal.NothingPublished)
            response.Headers.RetryAfter = $"{SoonSeconds}";
        else if (response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = $"{Admission.LastWords.FullSeconds}";
        if (refusal == ViewRefusal.NoRelay)
            await response.WriteAsJsonAsync(new { title = "Service Unavailable", status = response.StatusCode, reason = NoRelay }, options: null, "application/problem+json");
    }
}
