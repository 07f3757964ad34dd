using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Tests.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>Nodes over a bus within the process.</summary>
public sealed class ClusterLinkTests : IAsyncDisposable
{
    private readonly LocalBuses _buses = new();
    private readonly LinkedNode _one;
    private readonly LinkedNode _two;

    public ClusterLinkTests()
    {
        _one = new LinkedNode(_buses, 1);
        _two = new LinkedNode(_buses, 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public void What_one_node_tells_comes_to_the_other_in_order()
    {
        _one.Link.Sender.SendOne(2, FrameSamples.Message(4));
        _one.Link.Sender.SendOne(2, new PlaceItem(7, FrameSamples.Message().Message.Conversation, 5, 2, Closes: false));
        _one.Link.Sender.BroadcastOne<ControlItem>(new ControlItem.Changed(3));
        _one.Link.Sender.SendOne(3, FrameSamples.Message(4));
        Assert.Equal(["message 7-4", "place 7-5 2", "control Changed { Size = 13, Id = 3 }"], _two.Traffic.Told);
        Assert.Empty(_one.Traffic.Told);
        Assert.Empty(_two.Traffic.Missed);
    }

    [Fact]
    public async Task Heartbeats_make_nodes_known_to_each_other()
    {
        _two.IsDatabaseOk = false;
        _one.Link.Start();
        _two.Link.Start();
        await Wait.UntilAsync(() => _one.Traffic.Missed.Contains(2) && _two.Traffic.Missed.Contains(1));
        Assert.True(_two.Link.IsDatabaseOkElsewhere);
        Assert.False(_one.Link.IsDatabaseOkElsewhere);
        _two.IsDatabaseOk = true;
        await Wait.UntilAsync(() => _one.Link.IsDatabaseOkElsewhere);
    }

    [Fact]
    public async Task The_last_frame_before_silence_is_missed_by_the_heartbeat()
    {
        _one.Link.Start();
        _two.Link.Start();
        await Wait.UntilAsync(() => !_two.Traffic.Missed.IsEmpty);
        _one.Link.Sender.SendOne(2, FrameSamples.Message(1));
        _two.Traffic.Missed.Clear();
        _buses.Loses = (_, to) => to == 2;
        _one.Link.Sender.SendOne(2, FrameSamples.Message(2));
        _buses.Loses = (_, _) => false;
        await Wait.UntilAsync(() => !_two.Traffic.Missed.IsEmpty);
        Assert.Equal([1L], _two.Traffic.Missed.Distinct());
    }

    [Fact]
    public void Of_frames_that_get_lost_by_chance_each_run_is_told()
    {
        _one.Link.Sender.Beat(isDatabaseOk: true);
        Assert.Equal([1L], _two.Traffic.Missed);
        var random = new Random(1);
        var isLost = false;
        _buses.Loses = (_, _) => isLost;
        for (var seq = 1; seq <= 2000; seq++)
        {
            var wasLost = isLost;
            isLost = seq < 2000 && random.Next(10) == 0;
            _two.Traffic.Missed.Clear();
            _two.Traffic.Told.Clear();
            _one.Link.Sender.SendOne(2, FrameSamples.Message(seq));
            Assert.Equal(wasLost && !isLost, !_two.Traffic.Missed.IsEmpty);
            Assert.Equal(isLost ? 0 : 1, _two.Traffic.Told.Count);
        }
    }

    [Fact]
    public void A_frame_that_lies_is_missed_and_the_next_one_is_read()
    {
        _one.Link.Sender.Beat(isDatabaseOk: true);
        _two.Traffic.Missed.Clear();
        var bus = _buses.Create(1, new NoReceiver());
        var bad = FrameSamples.Frame(1, source: 1, items: FrameSamples.Message(1));
        bad[^1] = 0xFF;
        bus.TrySend(2, bad);
        bus.TrySend(2, new byte[10]);
        Assert.Equal([1L, 0L], _two.Traffic.Missed);
        bus.TrySend(2, FrameSamples.Frame(2, source: 1, items: FrameSamples.Message(2)));
        Assert.Equal(["message 7-2"], _two.Traffic.Told);
        Assert.Equal(2, _two.Traffic.Missed.Count);
    }

    [Fact]
    public void What_a_frame_leads_to_may_fail_and_the_next_one_is_read()
    {
        _one.Link.Sender.SendOne<ControlItem>(2, new ControlItem.Changed(13));
        Assert.Equal([1L], _two.Traffic.Missed);
        _one.Link.Sender.SendOne(2, FrameSamples.Message(2));
        Assert.Equal(["message 7-2"], _two.Traffic.Told);
    }

    [Fact]
    public void A_frame_of_a_kind_that_is_not_known_counts_and_is_skipped()
    {
        _one.Link.Sender.Beat(isDatabaseOk: true);
        _two.Traffic.Missed.Clear();
        var bus = _buses.Create(1, new NoReceiver());
        var unknown = FrameSamples.Frame(1, source: 1, items: FrameSamples.Message(1));
        unknown[2] = 200;
        bus.TrySend(2, unknown);
        bus.TrySend(2, FrameSamples.Frame(2, source: 1, items: FrameSamples.Message(2)));
        Assert.Equal(["message 7-2"], _two.Traffic.Told);
        Assert.Empty(_two.Traffic.Missed);
    }

    [Fact]
    public void A_nodes_own_frames_are_nothing_to_it()
    {
        var bus = _buses.Create(3, new NoReceiver());
        bus.TrySend(2, FrameSamples.Frame(5, source: 2, items: FrameSamples.Message(1)));
        Assert.Empty(_two.Traffic.Told);
        Assert.Empty(_two.Traffic.Missed);
    }

    private sealed class NoReceiver : IBusReceiver
    {
        public void Received(ReadOnlyMemory<byte> frame)
        {
        }

        public void Lost()
        {
        }

        public void HealthChanged(BusHealth health)
        {
        }
    }
}
