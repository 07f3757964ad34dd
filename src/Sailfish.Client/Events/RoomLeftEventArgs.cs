namespace Sailfish.Client;

/// <summary>The server took the user out of a room, or did not let it in again after a reconnect.</summary>
/// <param name="roomId">The room.</param>
/// <param name="reason">A stable word.</param>
public sealed class RoomLeftEventArgs(long roomId, string reason) : EventArgs
{
    /// <summary>The room.</summary>
    public long RoomId { get; } = roomId;

    /// <summary>A stable word, such as <c>removed</c> or the error word of the refused join.</summary>
    public string Reason { get; } = reason;
}
