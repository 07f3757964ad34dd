namespace Sailfish.Protocol.Bodies;

/// <summary>ACK, client to server: one message, or (protocol 2) everything up to a seq.</summary>
public sealed record AckBody
{
    /// <summary>The one message that arrived.</summary>
    public string? MsgId { get; init; }

    /// <summary>With <see cref="Seq"/>: the conversation that arrived up to it.</summary>
    public string? Conversation { get; init; }

    /// <summary>With <see cref="Conversation"/>: everything up to here has arrived.</summary>
    public long? Seq { get; init; }
}
