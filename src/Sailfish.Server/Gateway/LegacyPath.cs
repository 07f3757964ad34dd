using System.Globalization;

namespace Sailfish.Server.Gateway;

/// <summary>
/// The seed's path, <c>/{token}/{userId}</c> or <c>/{token}/{userId}/{code}/{roomId}</c>, from the raw request target:
/// its tokens may hold <c>%</c>, so nothing is unescaped.
/// </summary>
internal sealed record LegacyPath(string Token, string UserId, long? RoomId)
{
    private const string JoinCode = "1001";

    public static LegacyPath? Parse(ReadOnlySpan<char> path)
    {
        var parts = path.ToString().Split('/');
        return parts switch
        {
            ["", { Length: > 0 } token, var user] when IsNumber(user) => new LegacyPath(token, user, null),
            ["", { Length: > 0 } token, var user, JoinCode, var room] when IsNumber(user) && IsNumber(room) =>
                new LegacyPath(token, user, long.Parse(room, CultureInfo.InvariantCulture)),
            // Another code asks for nothing beside the login.
            ["", { Length: > 0 } token, var user, var code, var room] when IsNumber(user) && IsNumber(code) && IsNumber(room) =>
                new LegacyPath(token, user, null),
            _ => null,
        };
    }

    private static bool IsNumber(string text) => Protocol.Ids.TryParse(text, out _);
}
