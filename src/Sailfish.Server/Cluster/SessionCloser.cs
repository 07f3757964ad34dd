using Sailfish.Protocol.Bodies;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Cluster;

/// <summary>Tells other nodes which of their connections end: one frame for each node, however many that are.</summary>
internal sealed class SessionCloser(ClusterNode node, NodeLease lease) : ISessionCloser
{
    public void Close(IReadOnlyCollection<SessionRow> sessions, ByeReason reason)
    {
        if (node.Sender is not { } sender)
            return;
        foreach (var ofNode in sessions.Where(session => session.Node != lease.Generation).GroupBy(session => session.Node, session => session.ConnectionId))
            Close(sender, ofNode.Key, ofNode, reason);
    }

    private static void Close(ClusterSender sender, long other, IEnumerable<long> connections, ByeReason reason)
    {
        var frame = new FrameWriter<ControlItem>(sender.MaxFrameBytes);
        foreach (var connection in connections)
        {
            var item = new ControlItem.CloseConnection(connection, reason.Word);
            if (frame.TryAdd(item))
                continue;
            sender.Send(other, frame);
            frame.Clear();
            frame.TryAdd(item);
        }

        sender.Send(other, frame);
    }
}
