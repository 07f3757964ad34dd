using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Tests.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

public sealed class ClusterSenderTests : IAsyncDisposable
{
    private const long Self = 5;

    private readonly SentFrames _bus = new();
    private readonly ClusterSender _sender;

    public ClusterSenderTests()
    {
        _sender = new ClusterSender(Self, _bus);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public void Frames_are_numbered_for_each_node_and_for_all()
    {
        _sender.SendOne(6, new CallItem(1, default));
        _sender.SendOne(7, new CallItem(1, default));
        _sender.SendOne<ControlItem>(6, new ControlItem.Changed(1));
        _sender.BroadcastOne<ControlItem>(new ControlItem.Changed(1));
        _sender.BroadcastOne<ControlItem>(new ControlItem.Changed(2));
        _sender.Beat(isDatabaseOk: true);
        Assert.Equal(
            [
                (6, new FrameHeader(FrameKind.Call, FrameFlags.None, Self, 1, 1)),
                (7, new FrameHeader(FrameKind.Call, FrameFlags.None, Self, 1, 1)),
                (6, new FrameHeader(FrameKind.Control, FrameFlags.None, Self, 2, 1)),
                (0, new FrameHeader(FrameKind.Control, FrameFlags.ToAll, Self, 1, 1)),
                (0, new FrameHeader(FrameKind.Control, FrameFlags.ToAll, Self, 2, 1)),
                (0, new FrameHeader(FrameKind.Heartbeat, FrameFlags.ToAll | FrameFlags.DatabaseOk, Self, 3, 2)),
            ],
            _bus.TakeHeaders());
    }

    [Fact]
    public void A_frame_that_could_not_be_sent_has_its_number_all_the_same()
    {
        Assert.True(_sender.SendOne(6, new CallItem(1, default)));
        _bus.Health = BusHealth.Away;
        Assert.False(_sender.SendOne(6, new CallItem(2, default)));
        Assert.False(_sender.BroadcastOne<ControlItem>(new ControlItem.Changed(1)));
        _sender.Beat(isDatabaseOk: false);
        _bus.Health = BusHealth.Up;
        Assert.True(_sender.SendOne(6, new CallItem(3, default)));
        _sender.Beat(isDatabaseOk: false);
        Assert.Equal([1, 3, 3], _bus.TakeHeaders().Select(sent => sent.Header.Link));
    }

    [Fact]
    public void A_heartbeat_tells_the_counts_of_all_nodes_in_as_many_frames_as_that_takes()
    {
        var bus = new SentFrames(maxMessageBytes: FrameHeader.Size + (3 * 16));
        var sender = new ClusterSender(Self, bus);
        sender.Beat(isDatabaseOk: false);
        Assert.Empty(FrameSamples.Read<LinkCount>(bus.Take().Single().Frame));
        for (var node = 10L; node < 17; node++)
        {
            for (var i = 0L; i < node - 9; i++)
                sender.SendOne(node, new CallItem(1, default));
        }

        sender.Forget(12);
        bus.Take();
        sender.Beat(isDatabaseOk: false);
        var beats = bus.Take();
        Assert.Equal(2, beats.Count);
        var counts = beats.SelectMany(beat => FrameSamples.Read<LinkCount>(beat.Frame)).OrderBy(count => count.Node);
        Assert.Equal([(10, 1), (11, 2), (13, 4), (14, 5), (15, 6), (16, 7)], counts.Select(count => (count.Node, count.Count)));
    }

    [Fact]
    public void One_frame_for_several_nodes_has_the_number_of_each()
    {
        _sender.SendOne(6, new CallItem(1, default));
        var frame = new FrameWriter<MessageItem>(FrameHeader.MaxFrameBytes);
        frame.TryAdd(FrameSamples.Message());
        foreach (var node in new[] { 6, 7, 8 })
            _sender.Send(node, frame);
        Assert.Equal([(6, 1), (6, 2), (7, 1), (8, 1)], _bus.TakeHeaders().Select(sent => (sent.Node, sent.Header.Link)));
    }

    [Fact]
    public async Task Of_many_who_send_at_once_frames_go_in_the_order_of_their_numbers()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                _sender.SendOne(6, new CallItem(1, default));
                _sender.BroadcastOne<ControlItem>(new ControlItem.Changed(1));
            }
        })));
        foreach (var link in _bus.TakeHeaders().GroupBy(sent => sent.Node))
            Assert.Equal(Enumerable.Range(1, 8000).Select(i => (long)i), link.Select(sent => sent.Header.Link));
    }

    [Fact]
    public void What_no_frame_can_hold_is_not_sent()
    {
        Assert.False(_sender.SendOne(6, new CallItem(1, new byte[FrameHeader.MaxFrameBytes])));
        Assert.Empty(_bus.Take());
    }
}
