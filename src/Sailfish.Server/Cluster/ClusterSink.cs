using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Cluster;

/// <summary>Sees to it that what other nodes tell is done here. Nothing of it waits: what takes time is done by others.</summary>
internal sealed class ClusterSink(
    FrameReceiver receiver, PlaceReader places, LocalTeller teller, ConnectionTable connections, IChangeHurry? changes = null) : IClusterSink
{
    public void Messages(IReadOnlyList<MessageItem> messages)
    {
        var committed = new CommittedMessage[messages.Count];
        for (var i = 0; i < committed.Length; i++)
            committed[i] = new CommittedMessage(messages[i].Message, default, messages[i].Closes);
        receiver.Take(committed);
    }

    public void Places(IReadOnlyList<PlaceItem> items)
    {
        foreach (var place in items)
        {
            if (places.TryAdd(place))
                continue;
            receiver.Missed();
            break;
        }
    }

    public void Control(ControlItem control)
    {
        switch (control)
        {
            case ControlItem.CloseConnection { ConnectionId: var id, Reason: var word }:
                connections.Find(id)?.CloseWithBye(ByeReasons.Of(word));
                break;
            case ControlItem.Changed:
                changes?.Hurry();
                break;
            case ControlItem.Announced announced:
                teller.Add(new Announcement(announced.AppId, announced.BizCode, announced.Data, announced.MsgId));
                break;
        }
    }

    public void Missed(long source) => receiver.Missed();

    public void HealthChanged(BusHealth health)
    {
        receiver.MissedBus();
        changes?.Hurry();
    }
}
