namespace Sailfish.Client;

/// <summary>A message that arrived.</summary>
public sealed record SailfishMessage
{
    /// <summary>The message's name, the same in every copy of it.</summary>
    public required string MsgId { get; init; }

    /// <summary>What it is for; 5555 is chat.</summary>
    public required int BizCode { get; init; }

    /// <summary><c>d:{low}:{high}</c> or <c>r:{room}</c>; null for a message that the server does not store.</summary>
    public string? Conversation { get; init; }

    /// <summary>The position in the conversation: 1, 2, 3…; null for a message that the server does not store.</summary>
    public long? Seq { get; init; }

    /// <summary>When the server took it, to the millisecond; null when the server did not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Who sent it; 0 is the system. The user itself, when another of its connections sent it.</summary>
    public long SenderId { get; init; }

    /// <summary>The sender's name, where the server knows one.</summary>
    public string? SenderName { get; init; }

    /// <summary>The room that it was said in; null for one-to-one messages.</summary>
    public long? RoomId { get; init; }

    /// <summary>The user that it was sent to; null for room messages.</summary>
    public long? ObjectId { get; init; }

    /// <summary>The text; null when <see cref="Data"/> has none.</summary>
    public string? Content { get; init; }

    /// <summary>Everything that was sent, as a string that holds JSON.</summary>
    public required string Data { get; init; }
}
