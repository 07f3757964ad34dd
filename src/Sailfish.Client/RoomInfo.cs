namespace Sailfish.Client;

/// <summary>What joining a room answers.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Conversation">The room's conversation, <c>r:{room}</c>.</param>
/// <param name="Seq">The room's newest seq at the time of joining; 0 when it has no message yet.</param>
/// <param name="Viewers">Distinct users in the room, this one included.</param>
public sealed record RoomInfo(long RoomId, string Conversation, long Seq, int Viewers)
{
    /// <summary>How a living room is, with <see cref="SailfishClientOptions.RoomState"/>; else null.</summary>
    public RoomState? State { get; init; }

    /// <summary>Where this user may see a living room's stream, likewise: a path; empty while there is none.</summary>
    public string StreamUrl { get; init; } = "";
}
