using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sailfish.Protocol;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Identity;

/// <summary>
/// Tokens that open one thing in one room for a short while, and nobody logs in with: JWT, RFC 7519, HS256, with an audience, and
/// signed with a key that no app has.
/// </summary>
internal static class PurposeTokens
{
    private const string AppClaim = "app";
    private const string RoomClaim = "room";
    private const int MaxLength = 2048;
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };

    public static string Mint(byte[] key, string audience, PurposeToken token, DateTimeOffset expires)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = token.User.UserId.ToString(CultureInfo.InvariantCulture),
            [AppClaim] = token.User.AppId,
            [RoomClaim] = token.RoomId,
            [JwtRegisteredClaimNames.Jti] = token.MintedAt.ToString(CultureInfo.InvariantCulture),
        };
        if (token.PageSession is { } session)
            claims[TokenClaims.PageSessionClaim] = session;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Claims = claims,
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>What a good token says; null for any other, without saying which check failed.</summary>
    public static async ValueTask<PurposeToken?> ReadAsync(byte[] key, string audience, string? token, DateTimeOffset now)
    {
        if (token is not { Length: > 0 and <= MaxLength })
            return null;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(key),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidAudience = audience,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires > now.UtcDateTime,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken good)
            return null;
        if (!Ids.TryParse(good.Subject, out var user) || !good.TryGetPayloadValue<long>(AppClaim, out var app) || !good.TryGetPayloadValue<long>(RoomClaim, out var room)
            || !long.TryParse(good.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var mintedAt))
            return null;
        return new PurposeToken(new UserKey(app, user), room, mintedAt, good.TryGetPayloadValue<string>(TokenClaims.PageSessionClaim, out var session) ? session : null);
    }
}

/// <summary>What such a token says.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="RoomId">The room that it opens.</param>
/// <param name="MintedAt">In ms since 1970.</param>
/// <param name="PageSession">The session of the page that it came from; null where it came from none.</param>
internal sealed record PurposeToken(UserKey User, long RoomId, long MintedAt, string? PageSession);
