using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Tokens for a server of the tests, good ones and others.</summary>
public static class TestTokens
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public static string Mint(ServerProcess server, long userId, Action<JsonObject>? change = null, string? secret = null, string algorithm = "HS256", Action<JsonObject>? changeHeader = null) =>
        MintText(server, userId, text => text, secret, algorithm, changeHeader, change);

    /// <summary>A token whose claims are JSON that no library here would write.</summary>
    public static string MintText(
        ServerProcess server, long userId, Func<string, string> changeText, string? secret = null, string algorithm = "HS256", Action<JsonObject>? changeHeader = null, Action<JsonObject>? change = null)
    {
        var claims = Tokens.Claims(server.App, userId, Life);
        change?.Invoke(claims);
        return Tokens.Sign(changeText(claims.ToJsonString()), secret ?? server.TokenSecret, algorithm, changeHeader);
    }
}
