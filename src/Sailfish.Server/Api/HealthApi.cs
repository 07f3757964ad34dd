using Sailfish.Server.Hosting;

namespace Sailfish.Server.Api;

internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).ExcludeFromDescription();
        routes.MapGet("/readyz", (ServerState state) => state.IsReady
            ? Results.Text("ready")
            : Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
    }
}
