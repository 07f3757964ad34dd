using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Rooms;

/// <summary>Which rooms there are, beyond those that exist by being joined.</summary>
internal interface IRoomPolicy
{
    RoomStatus StatusOf(RoomKey key);

    /// <summary>The end of the room is stored: from now on it is closed. Called before its members are told.</summary>
    void Closed(RoomKey key);

    /// <summary>After a join by somebody.</summary>
    void Joined(RoomKey key, TokenIdentity who, int viewers);
}

internal enum RoomStatus
{
    /// <summary>No living room: an app's own.</summary>
    Unlisted,

    /// <summary>A living room that is open.</summary>
    Open,

    /// <summary>A living room that was closed, or never was.</summary>
    Closed,
}
