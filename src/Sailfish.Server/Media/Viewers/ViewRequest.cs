using Microsoft.AspNetCore.WebUtilities;
using Sailfish.Protocol;

namespace Sailfish.Server.Media.Viewers;

/// <summary>
/// What somebody asks to watch: <c>/live/{roomId}.flv</c>, or the seed's <c>/flv?app=live&amp;stream={roomId}</c>, whose player
/// page writes two <c>&amp;</c>.
/// </summary>
/// <param name="RoomId">The room; null when it is none.</param>
/// <param name="Token">The token, which stands in the query: no log has it.</param>
internal readonly record struct ViewRequest(long? RoomId, string? Token)
{
    private const string Prefix = "/live/";
    private const string Suffix = ".flv";
    private const string SeedPath = "/flv";

    /// <param name="path">Below the path base.</param>
    public static bool IsView(ReadOnlySpan<char> path) =>
        path.SequenceEqual(SeedPath) || (path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Suffix, StringComparison.Ordinal));

    /// <param name="path">One of ours, below the path base.</param>
    /// <param name="query">With its question mark, or empty.</param>
    public static ViewRequest Parse(ReadOnlySpan<char> path, string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var token = values.TryGetValue("token", out var tokens) ? tokens.ToString() : null;
        var isSeed = path.SequenceEqual(SeedPath);
        if (isSeed && (!values.TryGetValue("app", out var app) || app != Publishing.RtmpTarget.App))
            return new ViewRequest(null, token);
        var room = isSeed ? values.TryGetValue("stream", out var stream) ? stream.ToString() : "" : path[Prefix.Length..^Suffix.Length].ToString();
        return new ViewRequest(Ids.TryParse(room, out var id) && Ids.IsRoom(id) ? id : null, token);
    }
}
