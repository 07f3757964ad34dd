using Sailfish.Server.Conversations;

namespace Sailfish.Server.Media.Sharing;

/// <summary>What is asked of the other nodes, and done there, about a room's stream. Those that do not answer in time are left out.</summary>
internal interface IStreamPeers
{
    /// <summary>Of the nodes that have it, or fetch it.</summary>
    ValueTask<IReadOnlyList<StreamReport>> ListAsync(RoomKey room, CancellationToken cancellationToken);

    /// <summary>Ends it where it comes in; false when it comes in nowhere.</summary>
    ValueTask<bool> StopAsync(RoomKey room, CancellationToken cancellationToken);

    /// <summary>Ends the answers of a user who was put out of the room, and may come back.</summary>
    ValueTask PutOutAsync(RoomKey room, long userId, CancellationToken cancellationToken);
}
