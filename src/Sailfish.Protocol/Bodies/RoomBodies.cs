namespace Sailfish.Protocol.Bodies;

/// <summary>JOIN and LEAVE, client to server.</summary>
public sealed record RoomRequest
{
    /// <summary>The room; 1 to 2^53−1.</summary>
    public long RoomId { get; init; }

    /// <summary>JOIN: how many of the newest messages to send, 0 (the default) to 100.</summary>
    public int? History { get; init; }
}

/// <summary>JOIN and LEAVE, server to client.</summary>
public sealed record RoomReply
{
    /// <summary>The room.</summary>
    public long RoomId { get; init; }

    /// <summary>JOIN: the room's conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>JOIN: its newest seq; what follows is pushed.</summary>
    public long? Seq { get; init; }

    /// <summary>JOIN: users in the room, the joining one included.</summary>
    public int? Viewers { get; init; }

    /// <summary>LEAVE that the client did not ask for: why, a stable word.</summary>
    public string? Reason { get; init; }

    /// <summary>With a reason: for how long the user is kept out, in milliseconds.</summary>
    public long? RetryAfterMs { get; init; }
}
