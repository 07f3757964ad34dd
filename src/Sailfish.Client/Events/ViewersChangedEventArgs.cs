namespace Sailfish.Client;

/// <summary>The server told how many users are in a joined room; it does so with each heartbeat.</summary>
/// <param name="roomId">The room.</param>
/// <param name="viewers">Distinct users in it.</param>
public sealed class ViewersChangedEventArgs(long roomId, int viewers) : EventArgs
{
    /// <summary>The room.</summary>
    public long RoomId { get; } = roomId;

    /// <summary>Distinct users in it, this one included.</summary>
    public int Viewers { get; } = viewers;
}
