namespace Sailfish.Server.Rooms;

/// <summary>Who watches a room, on all nodes together.</summary>
/// <param name="Viewers">Distinct users of each node, summed.</param>
/// <param name="Peak">The most that there were at once since the room was first joined.</param>
internal readonly record struct RoomAudience(int Viewers, int Peak);
