namespace Sailfish.Server.Rooms;

/// <summary>Lets a room's messages come to this node, where they do not come by themselves: one node alone has none.</summary>
internal interface IRoomFeed
{
    /// <summary>
    /// Done when all that the log gets from now on is brought to the room. Awaited by each member that has been listed, before it
    /// reads the log: what it does not read, it is brought.
    /// </summary>
    ValueTask BeginAsync(Room room);
}
