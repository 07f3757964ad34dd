namespace Sailfish.Client;

/// <summary>Messages are lost: older than the server keeps, or not to be had from it.</summary>
/// <param name="conversation">Where they are missing.</param>
/// <param name="firstMissing">The first one's seq.</param>
/// <param name="lastMissing">The last one's seq.</param>
public sealed class GapEventArgs(string? conversation, long? firstMissing, long? lastMissing) : EventArgs
{
    /// <summary>Where they are missing; null for a message that the server does not store and the full inbox did not take.</summary>
    public string? Conversation { get; } = conversation;

    /// <summary>The first missing seq; null when it is not known.</summary>
    public long? FirstMissing { get; } = firstMissing;

    /// <summary>The last missing seq; null when it is not known.</summary>
    public long? LastMissing { get; } = lastMissing;
}
