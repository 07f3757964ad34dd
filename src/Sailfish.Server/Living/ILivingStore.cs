using Sailfish.Server.Messaging;

namespace Sailfish.Server.Living;

/// <summary>What is written of living rooms, which are read by <see cref="ILivingHistory"/>.</summary>
internal interface ILivingStore
{
    /// <summary>
    /// Stores the new room under its id, or under one after it where others give ids out too; or gives the one that the anchor
    /// has open. Null when the id has been given out or has messages: another one is to be tried. Of all who start at once,
    /// no two get one id, and an anchor gets one room.
    /// </summary>
    Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken);

    /// <summary>Changes the texts that are given, and leaves those that are null; gives the room as it is then, null when it is not open.</summary>
    Task<LivingRoomRow?> EditAsync(long roomId, string? name, string? announcement, CancellationToken cancellationToken);

    /// <summary>
    /// Moves an open room, with the last that was counted there, to the records and appends the end to its log, in one
    /// transaction. What became of it arrives where that of every message does.
    /// </summary>
    ValueTask CloseAsync(LivingCounts last, Submission end);

    /// <summary>
    /// Adds likes, and raises peaks; all of them or, when it fails, none. Of a room that has closed meanwhile, in its record:
    /// whoever counted had not heard of it.
    /// </summary>
    Task SaveAsync(IReadOnlyList<LivingCounts> counts, CancellationToken cancellationToken);
}
