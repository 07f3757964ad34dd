using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>
/// Asks the store what other nodes have decided of a room, where this one may not have heard of it yet. A server that is alone
/// decides everything itself and has none.
/// </summary>
internal interface IRoomNews
{
    /// <summary>Done when the <see cref="IRoomPolicy"/> knows what was stored of the room before the call.</summary>
    ValueTask ReadAsync(RoomKey room);

    /// <summary>Somebody is listed in the room, and is answered after this.</summary>
    ValueTask EnteredAsync(RoomKey room, long userId);
}
