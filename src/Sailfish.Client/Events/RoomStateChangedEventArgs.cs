namespace Sailfish.Client;

/// <summary>A joined living room told how it is: whole with each join, and when something changed.</summary>
/// <param name="roomId">The room.</param>
/// <param name="state">All of it, as it is now.</param>
/// <param name="joined">Some who came.</param>
public sealed class RoomStateChangedEventArgs(long roomId, RoomState state, IReadOnlyList<string> joined) : EventArgs
{
    /// <summary>The room.</summary>
    public long RoomId { get; } = roomId;

    /// <summary>All of it, as it is now.</summary>
    public RoomState State { get; } = state;

    /// <summary>Names of some who came since the room last told, at most three; often none.</summary>
    public IReadOnlyList<string> Joined { get; } = joined;
}
