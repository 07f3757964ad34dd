using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>A stored message on its way to a room.</summary>
/// <param name="Message">What is pushed.</param>
/// <param name="Origin">The connection that sent it and does not get it.</param>
/// <param name="Place">What it takes on its way; given back when it was pushed.</param>
internal readonly record struct RoomEntry(StoredMessage Message, Origin Origin, RoomPlace Place);
