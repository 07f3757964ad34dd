using Sailfish.Server.Messaging;

namespace Sailfish.Server.Rooms;

/// <summary>A stored message on its way to a room.</summary>
/// <param name="Message">What is pushed.</param>
/// <param name="Sender">The member that sent it and does not get it; null when it came through the API.</param>
internal readonly record struct RoomEntry(StoredMessage Message, RoomMember? Sender);
