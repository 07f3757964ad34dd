using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>A stored message on its way to a room.</summary>
/// <param name="Message">What is pushed.</param>
/// <param name="Origin">The connection that sent it and does not get it.</param>
/// <param name="HasPlace">It took a place in the room, to be released when it was pushed.</param>
internal readonly record struct RoomEntry(StoredMessage Message, Origin Origin, bool HasPlace);
