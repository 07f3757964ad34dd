namespace Sailfish.Client;

/// <summary>A joined room was closed; the client has left it.</summary>
/// <param name="roomId">The room.</param>
public sealed class RoomClosedEventArgs(long roomId) : EventArgs
{
    /// <summary>The room.</summary>
    public long RoomId { get; } = roomId;
}
