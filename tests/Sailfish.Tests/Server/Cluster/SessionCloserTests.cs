using Sailfish.Protocol.Bodies;
using Sailfish.Server.Cluster;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Cluster;

public sealed class SessionCloserTests
{
    [Fact]
    public async Task Each_node_is_told_of_its_own_connections_in_one_frame()
    {
        var buses = new LocalBuses();
        await using LinkedNode one = new(buses, 1), two = new(buses, 2), three = new(buses, 3);
        var node = new ClusterNode { Link = one.Link };
        var closer = new SessionCloser(node, new NodeLease(1, TimeProvider.System));
        closer.Close([Row(11, node: 1), Row(21, node: 2), Row(31, node: 3), Row(22, node: 2)], ByeReason.Kicked);
        Assert.Equal([21L, 22L], Closed(two));
        Assert.Equal([31L], Closed(three));
        Assert.All([two, three], told => Assert.All(told.Traffic.Told, line => Assert.Contains("Reason = kicked", line)));
        Assert.Equal(1, buses.Frames(1, 2));

        // A node that is about to begin anew has nobody to tell.
        node.Link = null;
        closer.Close([Row(23, node: 2)], ByeReason.Kicked);
        Assert.Equal(2, two.Traffic.Told.Count);
    }

    private static List<long> Closed(LinkedNode node) =>
        [.. node.Traffic.Told.Select(line => long.Parse(line.Split("ConnectionId = ")[1].Split(',')[0]))];

    private static SessionRow Row(long connection, long node) => new(new UserKey(1, 10001), connection, node, null, null, 1);
}
