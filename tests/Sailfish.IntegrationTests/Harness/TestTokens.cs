using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Mints tokens by hand, as a product in another language would: no code of the server has a part in it.</summary>
public static class TestTokens
{
    public static string Mint(ServerProcess server, long userId, Action<JsonObject>? change = null, string? secret = null, string algorithm = "HS256", Action<JsonObject>? changeHeader = null) =>
        MintText(server, userId, text => text, secret, algorithm, changeHeader, change);

    /// <summary>A token whose claims are JSON that no library here would write.</summary>
    public static string MintText(
        ServerProcess server, long userId, Func<string, string> changeText, string? secret = null, string algorithm = "HS256", Action<JsonObject>? changeHeader = null, Action<JsonObject>? change = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = new JsonObject
        {
            ["sub"] = userId.ToString(),
            ["app"] = server.AppId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        change?.Invoke(payload);
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        changeHeader?.Invoke(header);
        var signed = $"{Encode(header.ToJsonString())}.{Encode(changeText(payload.ToJsonString()))}";
        var signature = algorithm == "none" ? "" : Base64Url.EncodeToString(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? server.TokenSecret), Encoding.ASCII.GetBytes(signed)));
        return $"{signed}.{signature}";
    }

    private static string Encode(string part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part));
}
