using Sailfish.Server.Messaging;

namespace Sailfish.Server.Living;

/// <summary>What several nodes tell each other of living rooms through their store. A server that is alone has none.</summary>
internal interface ISharedLiving
{
    /// <summary>What there is of ids above <paramref name="after"/>.</summary>
    ValueTask<LivingNews> ReadNewsAsync(long after, CancellationToken cancellationToken);

    /// <summary>A room, when it is open.</summary>
    ValueTask<LivingRoomRow?> FindOpenAsync(long id, CancellationToken cancellationToken);

    /// <summary>All open rooms.</summary>
    ValueTask<IReadOnlyList<SharedRoom>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The anchors of these rooms are there now; returns how many of the rooms are open.</summary>
    Task<int> NoteAnchorsAsync(IReadOnlyList<long> rooms, CancellationToken cancellationToken);

    /// <summary>
    /// Rooms whose anchors have been noted on no node for so long, and while a node led in <see cref="SharedAnchorWatch.Lead"/>.
    /// None where another node leads.
    /// </summary>
    ValueTask<IReadOnlyList<long>> ListDesertedAsync(TimeSpan away, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILivingStore.CloseAsync"/>, where that is still so when it is stored; else the end fails.</summary>
    ValueTask CloseDesertedAsync(LivingCounts last, Submission end, TimeSpan away);
}
