using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>A message of the log on its way to its receivers, whoever appended it.</summary>
/// <param name="Message">What is pushed, with its conversation and its seq.</param>
/// <param name="Origin">The connection that it came from, which does not get it.</param>
/// <param name="Closes">It ends its room.</param>
/// <param name="Place">What it takes in the room on its way; an end takes none.</param>
internal readonly record struct CommittedMessage(StoredMessage Message, Origin Origin, bool Closes = false, RoomPlace Place = default);
