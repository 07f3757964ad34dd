using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Text;

namespace Sailfish.Server.Api;

internal static class TokensApi
{
    private const int MaxClaimLength = 512;
    private const int MaxDevice = 128;
    private static readonly int MaxTtlSeconds = (int)TokenClaims.MaxLife.TotalSeconds;

    public static void MapTokens(this RouteGroupBuilder api) =>
        api.MapPost("/tokens", MintAsync).WithName("MintToken").WithTags("Tokens").WithSummary("Mints a login token for a user")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> MintAsync(TokenRequest request, HttpContext context, TokenService tokens, BearerCheck bearers, SuspensionTable suspensions, AuditLog audit)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        var app = ApiKeyAuthentication.AppOf(context);
        var user = new UserKey(app.AppId, request.UserId);
        if (Ids.IsGuest(request.UserId))
            return Refused(Problems.Guest(), "guest");
        // From here on the id is the app's own, or an account's: it cannot become one under the app's feet.
        if (suspensions.IsSuspended(user))
            return Refused(Problems.Conflict("The user is suspended."), "suspended");
        if (Mismatch(request, await bearers.IsAccountAsync(user)) is { } mismatch)
            return Refused(mismatch, "account");
        var identity = new TokenIdentity(user, request.Name, request.Avatar, request.Device) { Rooms = request.Rooms?.ToHashSet() };
        var life = request.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TokenService.DefaultLife;
        var (token, expiresAt) = tokens.Mint(app, identity, life);
        audit.TokenMinted(ApiKeyAuthentication.ActorOf(context), identity.User);
        return TypedResults.Ok(new TokenResponse(token, expiresAt));

        ProblemHttpResult Refused(ProblemHttpResult problem, string why)
        {
            audit.TokenMintRefused(ApiKeyAuthentication.ActorOf(context), user, why);
            return problem;
        }
    }

    private static ProblemHttpResult? Refusal(TokenRequest request)
    {
        if (!Ids.IsUser(request.UserId))
            return Problems.BadParameter("userId is 10000 to 2^53−1.");
        if (request.TtlSeconds < 1 || request.TtlSeconds > MaxTtlSeconds)
            return Problems.BadParameter($"ttlSeconds is 1 to {MaxTtlSeconds}.");
        if (!IsClaim(request.Name, MaxClaimLength) || !IsClaim(request.Avatar, MaxClaimLength) || !IsClaim(request.Device, MaxDevice))
            return Problems.BadParameter($"name and avatar hold at most {MaxClaimLength} characters, device {MaxDevice}, none of them U+0000.");
        if (request.Rooms is { } rooms && (rooms.Count > TokenClaims.MaxRooms || !rooms.All(Ids.IsRoom)))
            return Problems.BadParameter($"rooms is a list of at most {TokenClaims.MaxRooms} room ids, 1 to 2^53−1.");
        return null;
    }

    /// <summary>The caller must mean an account where the id is one's, so that nobody's own users become somebody else.</summary>
    private static ProblemHttpResult? Mismatch(TokenRequest request, bool isAccount) => (isAccount, request.Account == true) switch
    {
        (true, false) => Problems.Conflict("The id is of somebody who signed up on the page; say account:true when that is meant."),
        (false, true) => Problems.NotFound("Nobody signed up on the page under this id."),
        _ => null,
    };

    private static bool IsClaim(string? value, int most) =>
        value is not { Length: > 0 } || (Characters.IsOneTo(value, most) && Characters.AreStorable(value));
}
