namespace Sailfish.Protocol.Bodies;

/// <summary>What messages are for, as far as Sailfish itself knows (docs/protocol.md, section 2); a product adds its own.</summary>
public static class BizCodes
{
    /// <summary>Chat: <c>content</c>, and who says it.</summary>
    public const int Chat = 5555;

    /// <summary>What happens to a room; its end is the last message of its log.</summary>
    public const int RoomEvent = 5570;

    /// <summary>How many likes a living room has; not stored.</summary>
    public const int Likes = 5571;

    /// <summary>What has changed in a living room's state (<see cref="RoomStateData"/>); not stored, and only for sessions with <see cref="FeatureWords.State"/>.</summary>
    public const int RoomState = 5574;
}
