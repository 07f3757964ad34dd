using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>What is to be known of a frame when it has been handled: whether it counts for the pace, and what an answer about it names.</summary>
internal struct FrameRequest(Connection connection)
{
    private readonly Connection _connection = connection;
    private readonly int _refusals = connection.Refusals;

    /// <summary>It was let in by a limit of its own kind.</summary>
    public bool HasOwnLimit { get; set; }

    /// <summary>It is a message, to be stored.</summary>
    public bool IsMessage { get; set; }

    public string? ClientMsgId { get; set; }

    public long? RoomId { get; set; }

    /// <summary>For the pace of the connection. What was answered by an ERROR counts, whatever it is.</summary>
    public readonly int Cost() => HasOwnLimit && _connection.Refusals == _refusals ? 0 : FramePace.Frame;
}
