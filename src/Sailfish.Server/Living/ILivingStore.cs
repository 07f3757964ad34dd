using Sailfish.Server.Messaging;

namespace Sailfish.Server.Living;

/// <summary>Where living rooms are kept.</summary>
internal interface ILivingStore
{
    IReadOnlyList<LivingRoomRow> LoadOpen();

    /// <summary>The highest id that was ever given out; the one before the first when none was.</summary>
    long LastId();

    /// <summary>Ids up to <see cref="LastId"/> that were passed over when one was given out.</summary>
    IReadOnlyList<IdRange> LoadSkipped();

    /// <summary>Stores the new room, or gives the one that the anchor has open; null when the room's id has messages.</summary>
    Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken);

    /// <summary>
    /// Moves an open room to the records and appends the end to its log, in one transaction. What became of it arrives
    /// where that of every message does.
    /// </summary>
    ValueTask CloseAsync(LivingRoomRow room, AppendRequest end);

    /// <summary>Stores likes and peaks.</summary>
    Task SaveAsync(IReadOnlyList<LivingRoomRow> rooms, CancellationToken cancellationToken);

    /// <summary>An anchor's closed rooms, newest first.</summary>
    ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken);
}
