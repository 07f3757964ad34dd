using Microsoft.Extensions.Options;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Hosting;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Whether a page may open a WebSocket here. Browsers always send Origin, other clients never do; without this check any
/// page could speak for a visitor who holds a token.
/// </summary>
internal sealed class OriginCheck(IOptions<HttpOptions> options, TimeProvider time, ILogger<OriginCheck> logger)
{
    private readonly LogPace _pace = new(new Rate(PerSecond: 1, Burst: 10), time);

    public bool IsAllowed(WebSocketRequest request) => request.Origin is not { } origin || IsAllowed(origin, request.Host);

    /// <param name="origin">Whose page asks.</param>
    /// <param name="host">Of which host, with or without a port.</param>
    public bool IsAllowed(string origin, string? host)
    {
        if (options.Value.AllowedOrigins.Any(allowed => allowed == "*" || string.Equals(allowed.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase)))
            return true;
        // The page and the WebSocket may stand on different ports of the same host.
        var isOwnHost = Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && Uri.TryCreate($"http://{host}", UriKind.Absolute, out var to)
            && from.Host.Length > 0
            && string.Equals(from.Host, to.Host, StringComparison.OrdinalIgnoreCase);
        if (!isOwnHost && _pace.TryTake(out var leftOut))
            GatewayLog.OriginRefused(logger, LogText.Of(origin), LogText.Of(host), leftOut);
        return isOwnHost;
    }
}
