namespace Sailfish.Server.Living;

/// <summary>What was counted in a room since it was last stored.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Likes">Those that came.</param>
/// <param name="Peak">The most viewers that there ever were.</param>
internal sealed record LivingCounts(long RoomId, long Likes, long Peak);
