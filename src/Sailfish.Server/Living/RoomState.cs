using System.Text.Json;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>How a living room is, as its members are told (docs/protocol.md, section 2, State).</summary>
internal sealed record RoomState(StreamState Stream, int Width, int Height, int Viewers, string Title, string Announcement)
{
    public StateParts DifferenceTo(RoomState other) =>
        (Stream == other.Stream ? 0 : StateParts.Stream)
        | (Width == other.Width && Height == other.Height ? 0 : StateParts.Size)
        | (Viewers == other.Viewers ? 0 : StateParts.Viewers)
        | (Title == other.Title ? 0 : StateParts.Title)
        | (Announcement == other.Announcement ? 0 : StateParts.Announcement);

    /// <summary>In a JOIN answer.</summary>
    public RoomReply AddTo(RoomReply answer) => answer with
    {
        Stream = Stream.ToWord(),
        Width = Width,
        Height = Height,
        Viewers = Viewers,
        Title = Title,
        Announcement = Announcement,
    };

    /// <summary>In a message.</summary>
    public Announcement ToMessage(RoomKey room, StateParts parts, IReadOnlyList<string>? joined = null)
    {
        var data = new RoomStateData
        {
            RoomId = room.RoomId,
            Stream = parts.HasFlag(StateParts.Stream) ? Stream.ToWord() : null,
            Width = parts.HasFlag(StateParts.Size) ? Width : null,
            Height = parts.HasFlag(StateParts.Size) ? Height : null,
            Viewers = parts.HasFlag(StateParts.Viewers) ? Viewers : null,
            Title = parts.HasFlag(StateParts.Title) ? Title : null,
            Announcement = parts.HasFlag(StateParts.Announcement) ? Announcement : null,
            Joined = joined is { Count: > 0 } ? joined : null,
        };
        return new Announcement(room.AppId, BizCodes.RoomState, JsonSerializer.Serialize(data, BodyJson.Wire.RoomStateData));
    }
}
