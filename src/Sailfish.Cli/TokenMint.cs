using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Sailfish.Cli;

/// <summary>Makes tokens to log in with (docs/protocol.md, section 5).</summary>
internal sealed class TokenMint(AppSecrets app, TimeProvider time)
{
    public const int DefaultSeconds = 300;
    private const int MinSecretBytes = 32;

    public string Make(TokenClaims claims)
    {
        var now = time.GetUtcNow();
        var payload = new JsonObject
        {
            ["sub"] = claims.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["app"] = app.AppId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.ToUnixTimeSeconds() + claims.Seconds,
            ["jti"] = Guid.CreateVersion7(now).ToString(),
        };
        Add(payload, "name", claims.Name);
        Add(payload, "avatar", claims.Avatar);
        Add(payload, "device", claims.Device);
        if (claims.Rooms is { } rooms)
            payload["rooms"] = new JsonArray([.. rooms.Select(room => JsonValue.Create(room))]);
        return new JsonWebTokenHandler().CreateToken(payload.ToJsonString(), Credentials());
    }

    private SigningCredentials Credentials()
    {
        var key = Encoding.UTF8.GetBytes(app.TokenSecret);
        if (key.Length < MinSecretBytes)
            throw new CliException($"the token secret of {app} is shorter than {MinSecretBytes} bytes");
        return new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);
    }

    private static void Add(JsonObject payload, string claim, string? value)
    {
        if (value is not null)
            payload[claim] = value;
    }
}
