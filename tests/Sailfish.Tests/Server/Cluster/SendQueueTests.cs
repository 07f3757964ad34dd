using Sailfish.Server.Cluster;

namespace Sailfish.Tests.Server.Cluster;

public sealed class SendQueueTests
{
    [Fact]
    public void Where_a_frame_finds_it_full_the_oldest_one_goes()
    {
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        for (var i = 1; i <= SendQueue.Capacity + 10; i++)
            queue.Add(new OutgoingFrame(i, new byte[1]));
        Assert.Equal(Enumerable.Range(11, SendQueue.Capacity).Select(i => (long)i), Taken(queue));
    }

    [Fact]
    public void What_waited_while_the_bus_went_away_is_not_sent_later()
    {
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        queue.Add(new OutgoingFrame(1, new byte[1]));
        queue.Drop();
        queue.Add(new OutgoingFrame(2, new byte[1]));
        Assert.Equal([2], Taken(queue));
    }

    private static List<long> Taken(SendQueue queue)
    {
        List<long> nodes = [];
        while (queue.TryTake(out var frame))
            nodes.Add(frame.Node);
        return nodes;
    }
}
