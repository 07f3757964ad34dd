using Sailfish.Server.Rooms;

namespace Sailfish.Server.Delivery;

/// <summary>Tells all users of an app who are online on other nodes something that is not stored. A server that is alone has none.</summary>
internal interface IAppRelay
{
    /// <summary>Never waits; may get lost.</summary>
    void Announce(Announcement announcement);
}
