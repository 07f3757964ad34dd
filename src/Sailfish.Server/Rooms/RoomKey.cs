namespace Sailfish.Server.Rooms;

/// <summary>A room within an app.</summary>
internal readonly record struct RoomKey(long AppId, long RoomId);
