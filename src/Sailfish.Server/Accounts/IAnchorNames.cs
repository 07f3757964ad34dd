using Sailfish.Server.Conversations;
using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>Under which names the anchors of open living rooms speak: nobody else may be taken for one. The rooms' to tell.</summary>
internal interface IAnchorNames
{
    /// <summary>Whether a name looks like that of an anchor who is somebody else.</summary>
    bool HasLike(NameLook look, long userId);

    /// <summary>Who a room's anchor is, and what the name looks like; null for a room without one.</summary>
    (long UserId, NameLook Look)? AnchorOf(RoomKey room);
}
