using Sailfish.Server.Conversations;

namespace Sailfish.Server.Messaging;

/// <summary>A message on its way into the log, and what became of it there.</summary>
internal class AppendRequest
{
    public required ConversationKey Conversation { get; init; }

    public required long SenderId { get; init; }

    /// <summary>The sender's idempotency key, or none.</summary>
    public string? ClientMsgId { get; init; }

    public required int BizCode { get; init; }

    public required string Data { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>The row that holds the message: this one, or the first one with the same key. Null when storing failed.</summary>
    public StoredMessage? Stored { get; set; }

    /// <summary>The key was there before: receipt it again, deliver nothing.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The message ends its conversation: whatever comes after it is refused.</summary>
    public bool Closes { get; init; }

    /// <summary>The conversation had ended before: nothing was stored.</summary>
    public bool IsTooLate { get; set; }

    /// <summary>Why storing failed: the message is not known to be stored.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The same for the one who sent it.</summary>
    public string FailureText => Failure is StorageFullException full
        ? full.Explanation
        : "The message could not be stored. Send it again with the same clientMsgId.";
}
