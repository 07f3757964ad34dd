using System.Net;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway;

/// <summary>What every request of HTTP passes before anything is done for it.</summary>
internal static class HeadCheck
{
    /// <summary>Whether there is a place for its connection, whom it is for, and whether its head is any good.</summary>
    public static void UseHeadCheck(this WebApplication app)
    {
        app.Use(CheckPlace);
        if (app.Services.GetRequiredService<TrustedProxies>().Networks.Count > 0)
        {
            app.UseForwardedHeaders(app.Services.GetRequiredService<Forwarding>().Options);
            app.Use(CountForwarded);
        }

        var hosts = app.Services.GetRequiredService<HostCheck>();
        app.Use((context, next) => HasControl(context.Request.Headers) || !hosts.IsAllowed(HostOf(context.Request))
            ? RefuseAsync(context, StatusCodes.Status400BadRequest)
            : next(context));
    }

    private static Task CheckPlace(HttpContext context, RequestDelegate next) => ConnectionSlot.Of(context)?.Refusal == Refusal.ServerFull
        ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(LastWords.FullSeconds))
        : next(context);

    /// <summary>A proxy's connection counts for whom its newest request is.</summary>
    private static Task CountForwarded(HttpContext context, RequestDelegate next)
    {
        var slot = ConnectionSlot.Of(context);
        var (address, port) = (context.Connection.RemoteIpAddress, context.Connection.RemotePort);
        if (slot is not { IsForwarded: true } || address is null)
            return next(context);
        slot.Remote = new IPEndPoint(address, port);
        return slot.TryCountFor(ClientAddress.Of(address))
            ? next(context)
            : RefuseAsync(context, StatusCodes.Status429TooManyRequests, slot.RetryAfter);
    }

    private static Task RefuseAsync(HttpContext context, int status, TimeSpan retryAfter = default)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Connection = "close";
        if (retryAfter > TimeSpan.Zero)
            context.Response.Headers.RetryAfter = RetryAfter.SecondsOf(retryAfter);
        return Task.CompletedTask;
    }

    /// <summary>Null where there is none: a probe's HTTP/1.0.</summary>
    private static string? HostOf(HttpRequest request) => request.Headers.Host.Count == 0 ? null : request.Host.Value ?? "";

    /// <summary>RFC 9110, section 5.5: invalid and dangerous. Kestrel itself refuses only the worst.</summary>
    private static bool HasControl(IHeaderDictionary headers)
    {
        foreach (var (_, values) in headers)
        {
            foreach (var value in values)
            {
                if (WebSocketHandshake.HasControl(value))
                    return true;
            }
        }

        return false;
    }
}
