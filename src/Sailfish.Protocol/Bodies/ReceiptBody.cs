namespace Sailfish.Protocol.Bodies;

/// <summary>RECEIPT, server to client: the message is durably stored.</summary>
public sealed record ReceiptBody
{
    /// <summary>The key that the sender gave.</summary>
    public string? ClientMsgId { get; init; }

    /// <summary>The stored message's name.</summary>
    public string? MsgId { get; init; }

    /// <summary>Where it is stored.</summary>
    public string? Conversation { get; init; }

    /// <summary>Its position there.</summary>
    public long Seq { get; init; }

    /// <summary>When the server took it, in milliseconds since 1970-01-01 UTC.</summary>
    public long Time { get; init; }
}
