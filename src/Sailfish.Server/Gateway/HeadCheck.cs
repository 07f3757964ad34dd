using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Gateway;

/// <summary>Requests whose head is no good are answered 400, whatever they ask for.</summary>
internal static class HeadCheck
{
    public static void UseHeadCheck(this WebApplication app) => app.Use((context, next) =>
    {
        if (!HasControl(context.Request.Headers))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });

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
