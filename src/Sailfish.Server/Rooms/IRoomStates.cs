using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Rooms;

/// <summary>
/// What rooms tell of themselves beside their messages, to sessions that asked for it. Only living rooms do. Called under an
/// outbox's lock: it takes no lock that anybody holds while he sends.
/// </summary>
internal interface IRoomStates
{
    /// <summary>The answer to a JOIN with the room's whole state; as it is where the room has none.</summary>
    RoomReply Describe(RoomKey room, RoomReply answer, TokenIdentity who);

    /// <summary>The whole state as it was told last; null where the room has none.</summary>
    Announcement? Whole(RoomKey room);

    /// <summary>Somebody came who was not in the room before, through this node.</summary>
    void Entered(RoomKey room, TokenIdentity who);
}
