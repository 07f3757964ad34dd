namespace Sailfish.Server.Sessions;

/// <summary>
/// The connection that a message came from: a value, which stays what it is when the sender leaves the room and comes
/// back. The default is none: the server API, or the server itself.
/// </summary>
internal readonly record struct Origin(long ConnectionId);
