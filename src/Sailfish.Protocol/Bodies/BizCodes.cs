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
}
