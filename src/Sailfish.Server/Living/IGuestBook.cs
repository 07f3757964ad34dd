using Sailfish.Server.Conversations;

namespace Sailfish.Server.Living;

/// <summary>Users without an account who are or were in living rooms, as the other nodes have seen them. A server that is alone has none.</summary>
internal interface IGuestBook
{
    /// <summary>Whether one of the nodes that answer has seen a user in an open room.</summary>
    ValueTask<bool> HasSeenAsync(RoomKey room, long userId, CancellationToken cancellationToken);
}
