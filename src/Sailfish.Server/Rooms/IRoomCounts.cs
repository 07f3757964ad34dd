using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>How many are in rooms on the other nodes. A server that is alone has none.</summary>
internal interface IRoomCounts
{
    /// <summary>
    /// From memory, as of three seconds ago at most; null where it is not known yet. Of rooms that somebody here is in, and of
    /// those that were asked for within the last seconds, it is.
    /// </summary>
    RoomElsewhere? Find(RoomKey room);

    /// <summary>Reads it, for whoever has to know it now.</summary>
    ValueTask<RoomElsewhere> ReadAsync(RoomKey room, CancellationToken cancellationToken);
}
