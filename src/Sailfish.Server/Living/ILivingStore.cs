using Sailfish.Server.Messaging;

namespace Sailfish.Server.Living;

/// <summary>What is written of living rooms, which are read by <see cref="ILivingHistory"/>.</summary>
internal interface ILivingStore
{
    /// <summary>Stores the new room, or gives the one that the anchor has open; null when the room's id has messages.</summary>
    Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken);

    /// <summary>
    /// Moves an open room to the records and appends the end to its log, in one transaction. What became of it arrives
    /// where that of every message does.
    /// </summary>
    ValueTask CloseAsync(LivingRoomRow room, Submission end);

    /// <summary>Stores likes and peaks.</summary>
    Task SaveAsync(IReadOnlyList<LivingRoomRow> rooms, CancellationToken cancellationToken);
}
