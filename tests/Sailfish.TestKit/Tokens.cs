using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.TestKit;

/// <summary>
/// Login tokens (docs/protocol.md, section 5), made by hand, as a product in another language would: no code of the server
/// has a part in it.
/// </summary>
public static class Tokens
{
    public static string Mint(App app, long userId, TimeSpan life) => Sign(Claims(app, userId, life).ToJsonString(), app.TokenSecret);

    public static JsonObject Claims(App app, long userId, TimeSpan life)
    {
        var now = DateTimeOffset.UtcNow;
        return new JsonObject
        {
            ["sub"] = userId.ToString(CultureInfo.InvariantCulture),
            ["app"] = app.Id,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + life).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
    }

    /// <param name="claims">The payload, as it is.</param>
    /// <param name="secret">The app's.</param>
    /// <param name="algorithm">What the header says; with <c>none</c> there is no signature.</param>
    /// <param name="changeHeader">What else the header says.</param>
    public static string Sign(string claims, string secret, string algorithm = "HS256", Action<JsonObject>? changeHeader = null)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        changeHeader?.Invoke(header);
        var signed = $"{Encode(header.ToJsonString())}.{Encode(claims)}";
        var signature = algorithm == "none" ? "" : Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)));
        return $"{signed}.{signature}";
    }

    private static string Encode(string part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part));
}
