using Sailfish.Server.Cluster;
using Sailfish.Server.Nodes;
using Sailfish.Tests.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

public sealed class MessageRelayTests : IAsyncDisposable
{
    private readonly LocalBuses _buses = new();
    private readonly ClusterNode _node = new();
    private readonly LinkedNode _one;
    private readonly LinkedNode _two;
    private readonly LinkedNode _three;
    private readonly MessageRelay _relay;

    public MessageRelayTests()
    {
        _one = new LinkedNode(_buses, 1);
        _two = new LinkedNode(_buses, 2);
        _three = new LinkedNode(_buses, 3);
        _node.Link = _one.Link;
        _relay = new MessageRelay(_node, new NodeLease(1, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _three.DisposeAsync();
    }

    [Fact]
    public void Each_node_gets_what_is_for_it_in_one_frame_and_this_one_nothing()
    {
        Add(1, 1, 2);
        Add(2, 1, 2, 3);
        Add(3, 1);
        Assert.Empty(_two.Traffic.Told);
        _relay.Flush();
        Assert.Equal(["message 7-1", "message 7-2"], _two.Traffic.Told);
        Assert.Equal(["message 7-2"], _three.Traffic.Told);
        Assert.Empty(_one.Traffic.Told);
        Assert.Equal(1, _buses.Frames(1, 2));
        Assert.Equal(1, _buses.Frames(1, 3));
    }

    [Fact]
    public void What_was_sent_is_not_sent_again()
    {
        Add(1, 2);
        _relay.Flush();
        _relay.Flush();
        Add(2, 3);
        _relay.Flush();
        Assert.Equal(["message 7-1"], _two.Traffic.Told);
        Assert.Equal(["message 7-2"], _three.Traffic.Told);
    }

    [Fact]
    public void Where_it_is_not_known_who_waits_all_are_told()
    {
        _relay.Add(FrameSamples.Message(1).Message, null, closes: false);
        _relay.Flush();
        Assert.Equal(["message 7-1"], _two.Traffic.Told);
        Assert.Equal(["message 7-1"], _three.Traffic.Told);
    }

    [Fact]
    public void Without_a_link_nothing_is_kept_for_the_next_one()
    {
        _node.Link = null;
        Add(1, 2);
        _relay.Flush();
        _node.Link = _one.Link;
        _relay.Flush();
        Add(2, 2);
        _relay.Flush();
        Assert.Equal(["message 7-2"], _two.Traffic.Told);
    }

    private void Add(long seq, params long[] nodes) => _relay.Add(FrameSamples.Message(seq).Message, nodes, closes: false);
}
