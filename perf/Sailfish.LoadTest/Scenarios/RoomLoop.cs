namespace Sailfish.LoadTest.Scenarios;

/// <summary>What closes the loop at saturation.</summary>
internal enum RoomLoop
{
    /// <summary>The last member has the message: the room is as busy as it can be without falling behind.</summary>
    Delivered,

    /// <summary>The message is stored: senders outrun the room, and the server has to skip for members or hold senders back.</summary>
    Receipted,
}
