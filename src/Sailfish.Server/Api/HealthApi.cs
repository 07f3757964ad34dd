using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Api;

/// <summary>For probes, without a key (docs/protocol.md, section 7.3).</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).ExcludeFromDescription();
        routes.MapGet("/readyz", Ready).ExcludeFromDescription();
    }

    private static IResult Ready(ServerState state, Readiness readiness, IOptions<ClusterOptions> cluster)
    {
        if (!cluster.Value.IsOn)
            return state.IsReady ? Results.Text(Readiness.Ready) : Results.Text(Readiness.Draining, statusCode: StatusCodes.Status503ServiceUnavailable);
        var answer = readiness.Read();
        return Results.Json(answer, statusCode: answer.Status == Readiness.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
