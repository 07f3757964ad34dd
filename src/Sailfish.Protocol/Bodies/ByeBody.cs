namespace Sailfish.Protocol.Bodies;

/// <summary>BYE, server to client: the server is about to close.</summary>
public sealed record ByeBody
{
    /// <summary>The stable word of a <see cref="ByeReason"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether coming back makes sense.</summary>
    public bool Reconnect { get; init; }

    /// <summary>With <see cref="Reconnect"/>: milliseconds to wait first, spread so that not all come at once.</summary>
    public long? AfterMs { get; init; }

    /// <summary>The body that tells a reason.</summary>
    public static ByeBody Of(ByeReason reason, long? afterMs = null) =>
        new() { Reason = reason.Word, Reconnect = reason.Reconnect, AfterMs = afterMs };
}
