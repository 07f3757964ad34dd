using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Server.Audit;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Api;

internal static class AppsApi
{
    public static void MapApps(this RouteGroupBuilder api) =>
        api.MapPost("/apps/rotate", RotateAsync).WithName("RotateSecrets").WithTags("Apps").WithSummary("Gives the app a new API key and a new token secret")
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<SecretsResponse>, ProblemHttpResult>> RotateAsync(
        HttpContext context, AppTable apps, AuditLog audit)
    {
        // Not cancelled: who hangs up would not know which secrets are good.
        if (await apps.RotateAsync(ApiKeyAuthentication.AppOf(context).AppId, CancellationToken.None) is not { } app)
            return Problems.Conflict("The apps stand in the settings: write new secrets into Sailfish:Apps, and restart every server that has them.");
        audit.SecretsRotated(ApiKeyAuthentication.ActorOf(context), app.AppId);
        return TypedResults.Ok(new SecretsResponse(app.AppId, app.ApiKey, app.TokenSecret));
    }
}
