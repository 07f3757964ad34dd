using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Protocol;
using Sailfish.Server.Audit;
using Sailfish.Server.Sessions;
using Sailfish.Server.Text;

namespace Sailfish.Server.Api;

internal static class TokensApi
{
    private const int MaxTtlSeconds = 86_400;
    private const int MaxClaimLength = 512;
    private const int MaxDevice = 128;

    public static void MapTokens(this RouteGroupBuilder api) => api.MapPost("/tokens", Mint).WithName("MintToken").WithSummary("Mints a login token for a user");

    private static Results<Ok<TokenResponse>, ProblemHttpResult> Mint(TokenRequest request, HttpContext context, TokenService tokens, AuditLog audit)
    {
        if (!Ids.IsUser(request.UserId))
            return Problems.BadParameter("userId is 10000 to 2^53−1.");
        if (request.TtlSeconds is < 1 or > MaxTtlSeconds)
            return Problems.BadParameter($"ttlSeconds is 1 to {MaxTtlSeconds}.");
        if (!IsClaim(request.Name, MaxClaimLength) || !IsClaim(request.Avatar, MaxClaimLength) || !IsClaim(request.Device, MaxDevice))
            return Problems.BadParameter($"name and avatar hold at most {MaxClaimLength} characters, device {MaxDevice}, none of them U+0000.");
        var app = ApiKeyAuthentication.AppOf(context);
        var identity = new TokenIdentity(new UserKey(app.AppId, request.UserId), request.Name, request.Avatar, request.Device);
        var life = request.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TokenService.DefaultLife;
        var (token, expiresAt) = tokens.Mint(app, identity, life);
        audit.TokenMinted(AuditActor.App(context), identity.User);
        return TypedResults.Ok(new TokenResponse(token, expiresAt));
    }

    private static bool IsClaim(string? value, int most) =>
        value is not { Length: > 0 } || (Characters.IsOneTo(value, most) && Characters.AreStorable(value));
}
