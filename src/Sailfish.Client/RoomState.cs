using Sailfish.Protocol.Bodies;

namespace Sailfish.Client;

/// <summary>How a living room is (docs/protocol.md, section 2, State).</summary>
/// <param name="Stream">How the anchor's stream is.</param>
/// <param name="Width">Of the picture, in pixels; 0 where there is none.</param>
/// <param name="Height">Of the picture, in pixels; 0 where there is none.</param>
/// <param name="Viewers">Distinct users in the room, this one included.</param>
/// <param name="Title">The room's name.</param>
/// <param name="Announcement">What the anchor has to say to all who come; empty for nothing.</param>
public sealed record RoomState(StreamState Stream, int Width, int Height, int Viewers, string Title, string Announcement)
{
    /// <summary>Of a JOIN answer; null where it has none.</summary>
    internal static RoomState? Of(RoomReply reply) => reply.Stream is null
        ? null
        : new(StreamOf(reply.Stream), reply.Width ?? 0, reply.Height ?? 0, reply.Viewers ?? 0, reply.Title ?? "", reply.Announcement ?? "");

    internal RoomState With(RoomStateData change) => new(
        change.Stream is null ? Stream : StreamOf(change.Stream),
        change.Width ?? Width,
        change.Height ?? Height,
        change.Viewers ?? Viewers,
        change.Title ?? Title,
        change.Announcement ?? Announcement);

    private static StreamState StreamOf(string word) => word switch
    {
        StreamWords.Live => StreamState.Live,
        StreamWords.Away => StreamState.Away,
        _ => StreamState.Off,
    };
}
