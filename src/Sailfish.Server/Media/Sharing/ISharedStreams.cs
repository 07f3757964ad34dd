using Sailfish.Server.Conversations;

namespace Sailfish.Server.Media.Sharing;

/// <summary>The store's part of streams on several nodes: one row a room, of the node that has its publisher.</summary>
internal interface ISharedStreams
{
    /// <summary>A publisher comes in through a node: the room's stream is that node's. Null when it may not be taken over yet.</summary>
    /// <param name="room">Whose stream.</param>
    /// <param name="node">The node.</param>
    /// <param name="hasPublisher">Somebody publishes to it through the same node already.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task<SharedStream?> TakeAsync(RoomKey room, long node, bool hasPublisher, CancellationToken cancellationToken);

    /// <summary>How a node's stream is; false when another node has the room's.</summary>
    Task<bool> NoteAsync(SharedStream stream, CancellationToken cancellationToken);

    /// <summary>A node's stream has ended. One that another node has goes on.</summary>
    Task EndAsync(RoomKey room, long node, CancellationToken cancellationToken);

    /// <summary>Of the nodes whose leases hold.</summary>
    ValueTask<IReadOnlyList<SharedStream>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Likewise; null where there is none.</summary>
    ValueTask<SharedStream?> FindAsync(RoomKey room, CancellationToken cancellationToken);
}
