namespace Sailfish.Client;

/// <summary>The server took the user out of a room, or did not let it in again after a reconnect.</summary>
/// <param name="roomId">The room.</param>
/// <param name="reason">A stable word.</param>
/// <param name="retryAfterMs">For how long the user is kept out.</param>
public sealed class RoomLeftEventArgs(long roomId, string reason, long? retryAfterMs = null) : EventArgs
{
    /// <summary>The room.</summary>
    public long RoomId { get; } = roomId;

    /// <summary>A stable word, such as <c>removed</c> or the error word of the refused join.</summary>
    public string Reason { get; } = reason;

    /// <summary>For how many milliseconds the user is kept out; null where the server did not say.</summary>
    public long? RetryAfterMs { get; } = retryAfterMs;
}
