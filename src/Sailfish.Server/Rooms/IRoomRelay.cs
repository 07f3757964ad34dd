using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>What is done in a room on the other nodes where somebody is in it. A server that is alone has none.</summary>
internal interface IRoomRelay
{
    /// <summary>
    /// Removes a user there; returns how many connections that were on the nodes that answered. With a ban, which is stored
    /// before, the nodes know of it when they remove him.
    /// </summary>
    ValueTask<int> KickAsync(RoomKey room, long userId, TimeSpan? ban, CancellationToken cancellationToken);

    /// <summary>Users above an id who are in the room there, in the order of their ids, each once, on the nodes that answered.</summary>
    ValueTask<IReadOnlyList<long>> UsersAsync(RoomKey room, long above, int count, CancellationToken cancellationToken);

    /// <summary>How many guests are in the room there, on the nodes that answered, summed.</summary>
    ValueTask<int> GuestsAsync(RoomKey room, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a user is in the room on one of them. Where a node with a session of his gives no answer, as all do while the
    /// bus is away, that he has one is enough.
    /// </summary>
    ValueTask<bool> HasUserAsync(RoomKey room, long userId, CancellationToken cancellationToken);
}
