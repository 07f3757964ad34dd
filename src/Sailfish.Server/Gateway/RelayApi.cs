using System.Globalization;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Relaying;
using Sailfish.Server.Media.Viewers;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Gateway;

/// <summary>What other nodes fetch for their viewers. Nobody else has a token for it.</summary>
internal static class RelayApi
{
    private const string Scheme = "Bearer ";

    public static void MapRelay(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<MediaOptions>>().Value.Enabled && app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.IsOn)
            app.MapGet(RelayPath.Template, GetAsync).ExcludeFromDescription();
    }

    private static async Task GetAsync(HttpContext context, long app, long room, ViewerDesk desk, RelayTokens tokens, ILogger<RelayClient> logger)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        var (wanted, token) = (new RoomKey(app, room), await tokens.ReadAsync(TokenOf(context.Request)));
        if (token is null || new RoomKey(token.User.AppId, token.RoomId) != wanted)
        {
            response.StatusCode = token is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
            return;
        }

        var answer = await desk.AskAsync(wanted, ClientAddress.EndPointOf(context), context.RequestAborted);
        if (answer.Refusal == ViewRefusal.None)
        {
            MediaLog.Relayed(logger, room, NodeOf(context.Request));
            await LiveApi.SendAsync(context, desk, answer);
        }
        else
        {
            await LiveApi.RefuseAsync(response, answer.Refusal);
        }
    }

    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } text && text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : null;

    /// <summary>For the log; whoever has a token is a node.</summary>
    private static string NodeOf(HttpRequest request) =>
        long.TryParse(request.Headers[RelayPath.Header].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var node) ? node.ToString(CultureInfo.InvariantCulture) : "(none)";
}
