using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sailfish.Server.Audit;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Api;

/// <summary><c>Authorization: Bearer {apiKey}</c>: which app's server calls.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AppTable apps,
    AuditLog audit) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Prefix = "Bearer ";
    private static readonly object AppItem = new();

    /// <summary>The app that the request speaks for.</summary>
    public static AppConfig AppOf(HttpContext context) =>
        context.Items[AppItem] as AppConfig ?? throw new InvalidOperationException("The endpoint does not ask for an API key.");

    public static AuditActor ActorOf(HttpContext context) => AuditActor.App(AppOf(context), context);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        if (apps.FindByKey(header[Prefix.Length..].Trim()) is not { } app)
            return Task.FromResult(AuthenticateResult.Fail("Unknown API key."));
        Context.Items[AppItem] = app;
        var identity = new ClaimsIdentity([new Claim("app", app.AppId.ToString(System.Globalization.CultureInfo.InvariantCulture))], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        audit.KeyRefused(AuditActor.Stranger(Context), Request.Headers.Authorization.Count == 0 ? "missing" : "unknown");
        Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "Unauthorized", detail: "Send Authorization: Bearer with the app's API key.")
            .ExecuteAsync(Context);
    }
}
