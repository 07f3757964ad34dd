namespace Sailfish.Client.Sending;

/// <summary>The <c>data</c> of a chat message (docs/protocol.md, section 2), as far as the client looks into it.</summary>
internal sealed record ChatData
{
    public string? Content { get; init; }

    public long? ObjectId { get; init; }

    public long? RoomId { get; init; }

    public long? UserId { get; init; }

    public long? SenderId { get; init; }

    public string? SenderName { get; init; }

    public long? CreateTime { get; init; }

    /// <summary>Of a message about a room: what happened to it.</summary>
    public string? Event { get; init; }
}
