using Microsoft.AspNetCore.WebUtilities;
using Sailfish.Media.Rtmp;
using Sailfish.Protocol;

namespace Sailfish.Server.Media.Publishing;

/// <summary>
/// What an encoder's server and stream key say together. Keys get pasted into either field, so that neither is ever logged.
/// </summary>
/// <param name="Key">The stream key; null when there is none.</param>
/// <param name="RoomId">The room, where it is named.</param>
internal readonly record struct RtmpTarget(string? Key, long? RoomId)
{
    /// <summary>The application that there is.</summary>
    public const string App = "live";

    /// <summary>
    /// <c>live</c> and <c>{key}</c>; also <c>{roomId}?key={key}</c>, and the room in the server's path. Null for another application.
    /// </summary>
    public static RtmpTarget? Parse(RtmpPublish request)
    {
        var path = Before(request.App, '?').Trim('/').Split('/');
        if (path[0] != App || path.Length > 2)
            return null;
        var query = request.StreamName.IndexOf('?', StringComparison.Ordinal);
        var name = Before(request.StreamName, '?').Trim('/');
        var key = query < 0 ? null : QueryHelpers.ParseQuery(request.StreamName[query..]).TryGetValue("key", out var keys) ? keys.ToString() : null;
        var room = RoomOf(path.Length == 2 ? path[1] : "") ?? (key is null ? null : RoomOf(name));
        return new RtmpTarget(key ?? name, room);
    }

    private static long? RoomOf(string text) => Ids.TryParse(text, out var id) && Ids.IsRoom(id) ? id : null;

    private static string Before(string text, char mark) => text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? text[..at] : text;
}
