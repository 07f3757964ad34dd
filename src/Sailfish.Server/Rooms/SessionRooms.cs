using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>The rooms among what a session takes part in.</summary>
internal static class SessionRooms
{
    public static RoomMember? FindRoom(this Session session, RoomKey key) =>
        session.Memberships.Find(key.Conversation) as RoomMember;

    public static IEnumerable<RoomMember> Rooms(this Session session) => session.Memberships.All.OfType<RoomMember>();
}
