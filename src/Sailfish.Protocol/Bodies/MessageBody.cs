using System.Text.Json.Serialization;

namespace Sailfish.Protocol.Bodies;

/// <summary>MESSAGE, both ways, and an element of a SYNC reply (docs/protocol.md, section 2).</summary>
public sealed record MessageBody
{
    /// <summary>The app that the conversation lives in.</summary>
    public long AppId { get; init; }

    /// <summary>Out: the receiver. In: ignored, for the session says who sends.</summary>
    public long UserId { get; init; }

    /// <summary>Which handler takes it; 5555 is chat.</summary>
    public int BizCode { get; init; }

    /// <summary>A string that holds JSON.</summary>
    public string? Data { get; init; }

    /// <summary>The message's name, the same in every copy of it.</summary>
    public string? MsgId { get; init; }

    /// <summary>The sender's idempotency key within the conversation, 1 to 64 characters.</summary>
    [JsonConverter(typeof(ClientMsgIdConverter))]
    public string? ClientMsgId { get; init; }

    /// <summary><c>d:{low}:{high}</c> or <c>r:{room}</c>.</summary>
    public string? Conversation { get; init; }

    /// <summary>The position in the conversation: 1, 2, 3…</summary>
    public long? Seq { get; init; }

    /// <summary>When the server took it, in milliseconds since 1970-01-01 UTC.</summary>
    public long? Time { get; init; }
}
