using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>Who is in living rooms.</summary>
internal static class LivingPresence
{
    /// <summary>Whether the anchor is in the room, through this node.</summary>
    public static bool HasAnchor(this RoomTable rooms, LivingRoom room) => rooms.Find(room.Key)?.HasUser(room.Row.AnchorId) == true;

    /// <summary>Through all nodes. A user who came through two counts twice.</summary>
    public static int ViewersOf(this RoomTable rooms, LivingRoom room) => (rooms.Find(room.Key)?.Viewers ?? 0) + room.ViewersElsewhere;
}
