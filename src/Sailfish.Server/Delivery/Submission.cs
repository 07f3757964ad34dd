using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>A message on its way through the log to its receivers.</summary>
internal sealed class Submission : AppendRequest
{
    /// <summary>The session that sent it: gets the RECEIPT, and not the message. Null when it came through the API.</summary>
    public Session? Origin { get; init; }

    /// <summary>The sender's place in the room, for a room message.</summary>
    public RoomMember? Member { get; init; }

    /// <summary>Who waits for the outcome; for the API.</summary>
    public TaskCompletionSource<Submission>? Done { get; init; }

    /// <summary>Users that had a session when it was delivered.</summary>
    public int OnlineUsers { get; set; }
}
