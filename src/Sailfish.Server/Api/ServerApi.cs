using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Server.Api;

/// <summary>The server API under /api/v1 (docs/protocol.md, section 7.2).</summary>
internal static class ServerApi
{
    /// <summary>More than any good request has, but for an upload, which has a limit of its own.</summary>
    private const long MaxRequestBytes = 256 * 1024;

    private const string Root = "/api/v1";

    public static IServiceCollection AddServerApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<BadRequestProblem>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<RoomTruth>();
        services.AddSingleton<UserTruth>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ClusterStatus>();
        services.AddSingleton<OnlineUsers>();
        services.AddAnswerHeaders();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().AddPolicy(ApiKeyAuthentication.SchemeName, policy =>
            policy.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser());
        services.AddOpenApi(ApiDocument.Name, ApiDescription.Configure);
        services.AddSingleton<ApiDocument>();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            options.SerializerOptions.Encoder = PlainJsonEncoder.Instance;
        });
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = MaxRequestBytes);
        return services;
    }

    public static void UseServerApi(this WebApplication app)
    {
        app.UseAnswerHeaders();
        app.UseRateLimiter();
        app.UseAuthentication();
        // The key before all else: whoever has none is not told what a call would take.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), branch => branch.Use(RequireKeyAsync));
        app.UseAuthorization();
    }

    public static void MapServerApi(this WebApplication app)
    {
        // The one document by its name: another name is an unknown route like any, not a plain text of the library's.
        app.MapGet("/openapi/v1.json", async (HttpRequest request, ApiDocument document) =>
            TypedResults.Text(await document.AtAsync(request), "application/json;charset=utf-8")).ExcludeFromDescription();
        var api = app.MapGroup(Root).RequireAuthorization(ApiKeyAuthentication.SchemeName)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapTokens();
        api.MapMessages();
        api.MapUsers();
        api.MapRooms();
        api.MapStreams();
        api.MapConversations();
        api.MapApps();
        api.MapCluster();
    }

    private static async Task RequireKeyAsync(HttpContext context, RequestDelegate next)
    {
        if ((await context.AuthenticateAsync(ApiKeyAuthentication.SchemeName)).Succeeded)
            await next(context);
        else
            await context.ChallengeAsync(ApiKeyAuthentication.SchemeName);
    }
}
