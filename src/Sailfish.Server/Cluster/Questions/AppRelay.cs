using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Delivery;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Tells announcements to the users on all other nodes, by a control frame.</summary>
internal sealed class AppRelay(ClusterNode node) : IAppRelay
{
    public void Announce(Announcement announcement) =>
        node.TellAll(new ControlItem.Announced(announcement.AppId, announcement.BizCode, announcement.MsgId, announcement.Data));
}
