namespace Sailfish.Server.Conversations;

/// <summary>A room within an app.</summary>
internal readonly record struct RoomKey(long AppId, long RoomId);
