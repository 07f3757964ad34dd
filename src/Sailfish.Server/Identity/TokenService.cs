using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Text;

namespace Sailfish.Server.Identity;

/// <summary>Mints and checks login tokens: JWT, RFC 7519, HS256 (docs/protocol.md, section 5).</summary>
internal sealed class TokenService(AppTable apps, RevocationTable revocations, SuspensionTable suspensions, TimeProvider time)
{
    /// <summary>
    /// A token is a few hundred bytes; the longest that POST /tokens mints, all claims full of emoji, which the library
    /// escapes, and a hundred rooms, has 21,300. Longer ones are not looked at.
    /// </summary>
    private const int MaxLength = 22 * 1024;

    /// <summary>The most characters of a claim that is text; a longer one counts as absent.</summary>
    private const int MaxClaim = 512;

    private const string AppClaim = "app";
    private const string NameClaim = "name";
    private const string AvatarClaim = "avatar";
    private const string DeviceClaim = "device";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };

    /// <summary>
    /// By app, which is another object with other secrets. Its key is made once: the library keeps what it computes from a key
    /// by the key's object.
    /// </summary>
    private readonly ConditionalWeakTable<AppConfig, TokenValidationParameters> _parameters = [];

    public static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    /// <summary>What a good token says; null for any other, without saying which check failed.</summary>
    public async ValueTask<TokenIdentity?> ReadAsync(string? token)
    {
        if (token is not { Length: > 0 and <= MaxLength })
            return null;
        var asItCame = Read(token);
        if ((asItCame ?? Read(HalfCharacters.Replace(token))) is not { } unverified)
            return null;
        // The app decides which key to check with; nothing else is believed before the signature is.
        if (!unverified.TryGetPayloadValue<object>(AppClaim, out var appClaim) || !TryId(appClaim, out var appId) || apps.Find(appId) is not { } app)
            return null;
        var parameters = asItCame is null ? HalfCharacters.SignedAs(token, ParametersOf(app)) : ParametersOf(app);
        var result = await Handler.ValidateTokenAsync(unverified, parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken verified)
            return null;
        if (!Ids.TryParse(verified.Subject, out var userId) || !Ids.IsUser(userId))
            return null;
        if (TokenClaims.TryRead(verified) is not { } claims || !claims.IsWithinLife(time.GetUtcNow(), Skew))
            return null;
        // An app's own user must not have a guest's id, nor a guest an id that others write to.
        if (claims.IsGuest != Ids.IsGuest(userId))
            return null;
        var user = new UserKey(appId, userId);
        var mintedAt = MintedAt(verified);
        if (revocations.IsRevoked(user, mintedAt) || suspensions.IsSuspended(user))
            return null;
        return new TokenIdentity(user, NameRules.Shown(Text(verified, NameClaim)), Text(verified, AvatarClaim), Text(verified, DeviceClaim), mintedAt)
        {
            Rooms = claims.Rooms,
            PageSession = Text(verified, TokenClaims.PageSessionClaim),
        };
    }

    public (string Token, DateTimeOffset ExpiresAt) Mint(AppConfig app, TokenIdentity identity, TimeSpan life)
    {
        var now = time.GetUtcNow();
        var expires = now + life;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = identity.User.UserId.ToString(CultureInfo.InvariantCulture),
            [AppClaim] = identity.User.AppId,
            // A version 7 UUID carries milliseconds (RFC 9562, section 5.7), which iat does not: see MintedAt.
            [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString(),
        };
        foreach (var (name, value) in new (string, object?)[]
        {
            (NameClaim, identity.Name), (AvatarClaim, identity.Avatar), (DeviceClaim, identity.Device),
            (TokenClaims.RoomsClaim, identity.Rooms?.ToArray()), (TokenClaims.PageSessionClaim, identity.PageSession),
            (TokenClaims.GuestClaim, identity.IsGuest ? true : null),
        })
        {
            if (value is not null)
                claims[name] = value;
        }

        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(ParametersOf(app).IssuerSigningKey, SecurityAlgorithms.HmacSha256),
        });
        return (token, DateTimeOffset.FromUnixTimeSeconds(expires.ToUnixTimeSeconds()));
    }

    private static JsonWebToken? Read(string? token)
    {
        if (token is null)
            return null;
        try
        {
            return Handler.ReadJsonWebToken(token);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private TokenValidationParameters ParametersOf(AppConfig app) => _parameters.GetValue(app, Parameters);

    private TokenValidationParameters Parameters(AppConfig app) => new()
    {
        IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(app.TokenSecret)),
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        ValidateIssuer = false,
        ValidateAudience = false,
        RequireExpirationTime = true,
        LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = time.GetUtcNow().UtcDateTime;
            return expires > now - Skew && (notBefore is null || notBefore < now + Skew);
        },
    };

    /// <summary>
    /// When the token was minted, in milliseconds: from a version 7 jti where it agrees with iat, else from iat's second.
    /// </summary>
    private static long MintedAt(JsonWebToken token)
    {
        var issued = token.IssuedAt == DateTime.MinValue ? 0 : new DateTimeOffset(token.IssuedAt, TimeSpan.Zero).ToUnixTimeMilliseconds();
        if (!Guid.TryParse(token.Id, out var id) || id.Version != 7)
            return issued;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        foreach (var b in bytes[..6])
            milliseconds = (milliseconds << 8) | b;
        return milliseconds - issued is >= 0 and < 1000 ? milliseconds : issued;
    }

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) && Characters.IsOneTo(value, MaxClaim) && Characters.AreStorable(value) ? value : null;

    private static bool TryId(object? claim, out long id)
    {
        id = 0;
        return claim switch
        {
            int number => (id = number) > 0,
            long number => (id = number) > 0,
            string text => Ids.TryParse(text, out id),
            _ => false,
        };
    }
}
