using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>The store, as it is asked for messages that did not come to this node.</summary>
internal interface IRepairSource
{
    /// <summary>
    /// The store's time, or earlier while something is being stored: all that has an earlier time of storing can be read by the
    /// reads that follow, and what can be read later has this time or a later one.
    /// </summary>
    ValueTask<DateTimeOffset> ReadHorizonAsync(CancellationToken cancellationToken);

    /// <summary>How far rooms have come. Those that have no message may be left out.</summary>
    ValueTask<IReadOnlyDictionary<RoomKey, RoomNewest>> ReadNewestAsync(IReadOnlyCollection<RoomKey> rooms, CancellationToken cancellationToken);

    /// <summary>The same of one room; null when it has no message. Asked for by whoever joins first.</summary>
    ValueTask<RoomNewest?> ReadNewestAsync(RoomKey room, CancellationToken cancellationToken);

    /// <summary>
    /// One-to-one messages that were stored at a time or later and of whose users one has a session on this node; those of a
    /// conversation in the order of their seqs.
    /// </summary>
    IAsyncEnumerable<StoredMessage> ReadStoredAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The messages of some places, as far as retention has left them; those of a conversation in the order of their seqs.</summary>
    ValueTask<IReadOnlyList<StoredMessage>> ReadPlacesAsync(IReadOnlyCollection<LogPlace> places, CancellationToken cancellationToken);
}
