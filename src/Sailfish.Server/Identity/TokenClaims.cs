using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sailfish.Protocol;

namespace Sailfish.Server.Identity;

/// <summary>The claims of a token whose signature is good, as far as the library does not look at them.</summary>
internal sealed class TokenClaims
{
    public const int MaxRooms = 100;

    public const string RoomsClaim = "rooms";
    public const string PageSessionClaim = "page_session";
    public const string GuestClaim = "guest";

    /// <summary>The longest time that one may log in with a token.</summary>
    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(1);

    private const string CriticalHeader = "crit";

    /// <summary>What a token is for that is none to log in with: a stream's, or another system's that has the same secret.</summary>
    private const string AudienceClaim = "aud";

    /// <summary>When it was issued, in seconds since 1970; null when it does not say.</summary>
    private double? _issued;
    private double _expires;

    /// <summary>The only rooms that it opens; null when it names none.</summary>
    public IReadOnlySet<long>? Rooms { get; private set; }

    /// <summary>Whether it is a guest's.</summary>
    public bool IsGuest { get; private set; }

    /// <summary>Null when it is for something else (<c>aud</c>), a claim is malformed, or there is something that must be understood (RFC 7515, section 4.1.11) and is not.</summary>
    public static TokenClaims? TryRead(JsonWebToken token)
    {
        try
        {
            return Read(token);
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            // The library reads JSON that ours does not: a name with half a surrogate pair, for one.
            return null;
        }
    }

    /// <summary>Not from the future, and not good for longer than a day: from its issue on, or from now when it does not say.</summary>
    public bool IsWithinLife(DateTimeOffset now, TimeSpan skew)
    {
        var seconds = now.ToUnixTimeMilliseconds() / 1000.0;
        if (_issued is not { } issued)
            return _expires - seconds <= (MaxLife + skew).TotalSeconds;
        return issued <= seconds + skew.TotalSeconds && _expires - issued <= MaxLife.TotalSeconds;
    }

    private static TokenClaims? Read(JsonWebToken token)
    {
        // Out of the whole: each part that is asked for alone would be one more string of a crowd that logs in.
        var encoded = token.EncodedToken.AsSpan();
        var (first, last) = (encoded.IndexOf('.'), encoded.LastIndexOf('.'));
        using var header = Parse(encoded[..first]);
        using var payload = Parse(encoded[(first + 1)..last]);
        if (header.RootElement.TryGetProperty(CriticalHeader, out _) || payload.RootElement.TryGetProperty(AudienceClaim, out _))
            return null;
        var claims = new TokenClaims();
        return claims.TryReadTimes(payload.RootElement) && claims.TryReadRooms(payload.RootElement) && claims.TryReadGuest(payload.RootElement) ? claims : null;
    }

    /// <summary>As the library reads it, which takes ordinary base64 with its padding, too: there are those who mint such tokens.</summary>
    private static JsonDocument Parse(ReadOnlySpan<char> part) =>
        JsonDocument.Parse(Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : Base64UrlEncoder.DecodeBytes(part.ToString()));

    private bool TryReadTimes(JsonElement payload)
    {
        if (!TryReadNumber(payload, JwtRegisteredClaimNames.Exp, out var expires) || !TryReadNumber(payload, JwtRegisteredClaimNames.Iat, out _issued))
            return false;
        _expires = expires ?? 0;
        return expires is not null;
    }

    private bool TryReadRooms(JsonElement payload)
    {
        if (!payload.TryGetProperty(RoomsClaim, out var rooms))
            return true;
        if (rooms.ValueKind != JsonValueKind.Array || rooms.GetArrayLength() > MaxRooms)
            return false;
        HashSet<long> ids = [];
        foreach (var room in rooms.EnumerateArray())
        {
            if (room.ValueKind != JsonValueKind.Number || !room.TryGetInt64(out var id) || !Ids.IsRoom(id))
                return false;
            ids.Add(id);
        }

        Rooms = ids;
        return true;
    }

    /// <summary>Who is no guest does not say so: what else stands there is a mistake, which must not make somebody of a guest.</summary>
    private bool TryReadGuest(JsonElement payload) =>
        !payload.TryGetProperty(GuestClaim, out var guest) || (IsGuest = guest.ValueKind == JsonValueKind.True);

    private static bool TryReadNumber(JsonElement payload, string name, out double? number)
    {
        number = null;
        if (!payload.TryGetProperty(name, out var claim))
            return true;
        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var value))
            return false;
        number = value;
        return true;
    }
}
