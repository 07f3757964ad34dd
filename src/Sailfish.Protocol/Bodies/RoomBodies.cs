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

    /// <summary>JOIN of a living room with <see cref="FeatureWords.State"/>: one of <see cref="StreamWords"/>.</summary>
    public string? Stream { get; init; }

    /// <summary>With <see cref="Stream"/>: where this user may see it, a path; empty while there is none.</summary>
    public string? StreamUrl { get; init; }

    /// <summary>With <see cref="Stream"/>: of the picture, in pixels; 0 where there is none.</summary>
    public int? Width { get; init; }

    /// <summary>With <see cref="Stream"/>: of the picture, in pixels; 0 where there is none.</summary>
    public int? Height { get; init; }

    /// <summary>With <see cref="Stream"/>: the room's name.</summary>
    public string? Title { get; init; }

    /// <summary>With <see cref="Stream"/>: what the anchor has to say to all who come; empty for nothing.</summary>
    public string? Announcement { get; init; }

    /// <summary>LEAVE that the client did not ask for: why, a stable word.</summary>
    public string? Reason { get; init; }

    /// <summary>With a reason: for how long the user is kept out, in milliseconds.</summary>
    public long? RetryAfterMs { get; init; }
}
