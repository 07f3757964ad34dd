namespace Sailfish.Server.Living;

/// <summary>What the store has of ids above one.</summary>
/// <param name="LastId">The highest that was given out; what else is here is at least as young.</param>
/// <param name="Open">Rooms that are open.</param>
/// <param name="Skipped">Those that were passed over.</param>
internal sealed record LivingNews(long LastId, IReadOnlyList<LivingRoomRow> Open, IReadOnlyList<IdRange> Skipped);
