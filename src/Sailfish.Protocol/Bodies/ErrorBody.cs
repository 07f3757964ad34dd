namespace Sailfish.Protocol.Bodies;

/// <summary>ERROR, server to client.</summary>
public sealed record ErrorBody
{
    /// <summary>A stable word of <see cref="ErrorWords"/>.</summary>
    public string Error { get; init; } = "";

    /// <summary>A sentence for a person.</summary>
    public string Message { get; init; } = "";

    /// <summary>The message that is refused, where the sender named it.</summary>
    public string? ClientMsgId { get; init; }

    /// <summary>Milliseconds until trying again can succeed.</summary>
    public long? RetryAfterMs { get; init; }

    /// <summary>With <c>behind</c>: the conversation in which messages were skipped.</summary>
    public string? Conversation { get; init; }

    /// <summary>The room that the refusal is about.</summary>
    public long? RoomId { get; init; }
}
