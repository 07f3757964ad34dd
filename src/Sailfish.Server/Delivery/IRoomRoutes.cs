using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>Where nodes note which rooms' messages they are to be brought. A node changes what it noted itself, and nothing else.</summary>
internal interface IRoomRoutes
{
    /// <summary>Done when it is stored: whatever is committed to the room after that is brought to this node.</summary>
    ValueTask AttendAsync(RoomKey room, CancellationToken cancellationToken);

    /// <summary>This node is to be brought no more of the room.</summary>
    ValueTask LeaveAsync(RoomKey room, CancellationToken cancellationToken);
}
