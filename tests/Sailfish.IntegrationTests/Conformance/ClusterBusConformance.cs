using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// What every bus between nodes promises, with the real server behind it. Frames of one node to one other come in their order,
/// each once; a broadcast comes to all others; whoever sends never waits. While the server is away or hangs, frames are
/// dropped and counted, and the health says so; when it is back, so is the bus. Each test has a cluster of its own.
/// </summary>
public abstract class ClusterBusConformance : IAsyncLifetime
{
    private readonly string _name = $"c{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<BusNode> _nodes = [];
    private long _dropped;

    private protected abstract IBusServer Server { get; }

    private long Dropped => Interlocked.Read(ref _dropped);

    public ValueTask InitializeAsync()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "sailfish.cluster.frames.dropped" && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _dropped, count));
        _listener.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_frame_comes_to_the_node_that_it_is_for_and_to_no_other()
    {
        var (one, two, three) = (await UpAsync(1), await UpAsync(2), await UpAsync(3));
        Assert.True(one.Bus.TrySend(2, Frame(1)));
        Assert.True(two.Bus.TrySend(1, Frame(2)));
        Assert.True(one.Bus.TrySend(99, Frame(3)));
        await AssertReceivedAsync(two, [1]);
        await AssertReceivedAsync(one, [2]);
        await AssertNothingElseAsync(three);
    }

    [Fact]
    public async Task A_broadcast_comes_to_all_other_nodes()
    {
        var (one, two, three) = (await UpAsync(1), await UpAsync(2), await UpAsync(3));
        Assert.True(one.Bus.TryBroadcast(Frame(1)));
        Assert.True(two.Bus.TryBroadcast(Frame(2)));
        await AssertReceivedAsync(three, [1, 2], inOrder: false);
        await AssertReceivedAsync(two, [1]);
        await AssertReceivedAsync(one, [2]);
        await AssertNothingElseAsync(one, two, three);
    }

    [Fact]
    public async Task Frames_of_each_sender_come_in_their_order_and_each_once()
    {
        const int Each = 3000;
        var receiver = await UpAsync(1);
        BusNode[] senders = [await UpAsync(2), await UpAsync(3), await UpAsync(4)];
        await Task.WhenAll(senders.Select((sender, of) => Task.Run(async () =>
        {
            for (var i = 1; i <= Each; i++)
            {
                Assert.True(sender.Bus.TrySend(1, Frame((of * Each) + i)));
                // No more than may wait in the queue.
                if (i % 500 == 0)
                    await Wait.UntilAsync(() => receiver.Count((of * Each) + 1, (of * Each) + Each) == i);
            }
        })));
        for (var of = 0; of < senders.Length; of++)
            Assert.Equal(Enumerable.Range((of * Each) + 1, Each), receiver.Numbers.Where(number => (number - 1) / Each == of));
        Assert.False(receiver.HasOverlapped);
        Assert.Equal(0, Dropped);
    }

    [Fact]
    public async Task Frames_to_one_and_to_all_are_each_in_order()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        for (var i = 1; i <= 200; i++)
        {
            one.Bus.TrySend(2, Frame(i));
            one.Bus.TryBroadcast(Frame(1000 + i));
        }

        await Wait.UntilAsync(() => two.Numbers.Count == 400);
        Assert.Equal(Enumerable.Range(1, 200), two.Numbers.Where(number => number < 1000));
        Assert.Equal(Enumerable.Range(1001, 200), two.Numbers.Where(number => number > 1000));
    }

    [Fact]
    public async Task Frames_that_are_equal_come_as_often_as_they_were_sent()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        for (var i = 0; i < 100; i++)
            one.Bus.TrySend(2, Frame(7));
        await AssertReceivedAsync(two, Enumerable.Repeat(7, 100));
        await AssertNothingElseAsync(two);
    }

    [Fact]
    public async Task Frames_of_every_size_come_whole_and_a_larger_one_is_not_taken()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        int[] sizes = [4, one.Bus.MaxMessageBytes - 1, one.Bus.MaxMessageBytes, one.Bus.MaxMessageBytes / 2 * 3, 100, one.Bus.MaxFrameBytes, 5];
        var frames = sizes.Select((size, i) => Frame(i, Math.Min(size, one.Bus.MaxFrameBytes))).ToList();
        Assert.All(frames, frame => Assert.True(one.Bus.TrySend(2, frame)));
        await Wait.UntilAsync(() => two.Frames.Count == frames.Count);
        Assert.All(frames.Zip(two.Frames), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second.Span)));
        Assert.False(one.Bus.TrySend(2, new byte[one.Bus.MaxFrameBytes + 1]));
        Assert.Equal(1, Dropped);
    }

    [Fact]
    public async Task Clusters_of_different_names_on_one_server_do_not_hear_each_other()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        string[] names = [$"{_name}x", $"{_name}_n", $"{_name}_all", $"{_name}_n_2"];
        foreach (var name in names)
        {
            var (otherOne, otherTwo) = (await UpAsync(1, name), await UpAsync(2, name));
            otherOne.Bus.TrySend(2, Frame(1));
            otherOne.Bus.TryBroadcast(Frame(1));
            await AssertReceivedAsync(otherTwo, [1, 1]);
        }

        one.Bus.TrySend(2, Frame(2));
        await AssertReceivedAsync(two, [2]);
        await AssertNothingElseAsync([.. _nodes]);
    }

    [Fact]
    public async Task A_bus_begins_away_and_comes_up_when_its_server_does()
    {
        await Server.KillAsync();
        var (one, two) = (New(1), New(2));
        Assert.Equal(BusHealth.Away, one.Bus.Health);
        one.Bus.Start();
        two.Bus.Start();
        Assert.False(one.Bus.TrySend(2, Frame(1)));
        Assert.False(one.Bus.TryBroadcast(Frame(1)));
        Assert.Equal(2, Dropped);
        await Server.StartAgainAsync();
        await UpAsync(one, two);
        one.Bus.TrySend(2, Frame(2));
        await AssertReceivedAsync(two, [2]);
        Assert.Equal([BusHealth.Up], one.Health);
    }

    [Fact]
    public async Task A_bus_whose_server_dies_is_away_at_once_and_back_with_it()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        one.Bus.TrySend(2, Frame(1));
        await AssertReceivedAsync(two, [1]);
        for (var round = 1; round <= 2; round++)
        {
            await Server.KillAsync();
            await AwayAsync(one, two);
            var dropped = Dropped;
            Assert.False(one.Bus.TrySend(2, Frame(2)));
            Assert.Equal(dropped + 1, Dropped);
            await Server.StartAgainAsync();
            await UpAsync(one, two);
            // The subscriptions are there again, of both kinds and both ways.
            one.Bus.TrySend(2, Frame((10 * round) + 3));
            one.Bus.TryBroadcast(Frame((10 * round) + 4));
            two.Bus.TrySend(1, Frame(5));
            await Wait.UntilAsync(() => two.Numbers.Count == 1 + (2 * round) && one.Numbers.Count == round);
        }

        Assert.Equal([BusHealth.Up, BusHealth.Away, BusHealth.Up, BusHealth.Away, BusHealth.Up], one.Health);
        Assert.DoesNotContain(2, two.Numbers);
    }

    [Fact]
    public Task A_bus_whose_server_hangs_is_noticed_and_nobody_waits() => HangAsync(TimeSpan.Zero);

    [Fact(Skip = LongTests.LeftOut, SkipUnless = nameof(LongTests.AreOn), SkipType = typeof(LongTests))]
    public Task A_bus_whose_server_hangs_for_20_seconds_comes_back() => HangAsync(TimeSpan.FromSeconds(20));

    [Fact]
    public async Task A_flood_beyond_the_queue_drops_what_it_must_and_keeps_the_order()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        for (var i = 1; i <= 20_000; i++)
            one.Bus.TrySend(2, Frame(i, 2000));
        await Wait.UntilAsync(() => two.Numbers is [.., 20_000]);
        Assert.Equal(two.Numbers.Distinct().Order(), two.Numbers);
        await Wait.UntilAsync(() => two.Numbers.Count + Dropped == 20_000);
    }

    [Fact]
    public async Task A_bus_that_is_disposed_hears_no_more_and_takes_no_more()
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        await two.Bus.DisposeAsync();
        Assert.Equal(BusHealth.Away, two.Bus.Health);
        Assert.False(two.Bus.TrySend(1, Frame(1)));
        one.Bus.TrySend(2, Frame(2));
        // Its place is free for the next generation.
        var next = await UpAsync(3);
        one.Bus.TrySend(3, Frame(3));
        await AssertReceivedAsync(next, [3]);
        Assert.Empty(two.Numbers);
    }

    [Fact]
    public async Task A_bus_can_be_disposed_while_its_server_hangs()
    {
        var one = await UpAsync(1);
        Server.Hold();
        try
        {
            for (var i = 0; i < 100; i++)
                one.Bus.TrySend(2, Frame(i));
            await one.Bus.DisposeAsync().AsTask().WaitAsync(Wait.Limit);
        }
        finally
        {
            Server.GoOn();
        }
    }

    [Fact]
    public async Task Nodes_ask_each_other_over_it_and_miss_what_an_outage_swallowed()
    {
        var buses = new ServerBuses(Server, _name, Metrics);
        await using var one = new LinkNode(1, buses, Metrics);
        await using var two = new LinkNode(2, buses, Metrics);
        await Wait.UntilAsync(() => one.Missed.Contains(2) && two.Missed.Contains(1));
        // An answer has half a second, in which a busy machine may do other things.
        await Wait.UntilAsync(async () => (await AskAsync()).SequenceEqual(["2: who?"]), "an answer, and only of the one that is there");
        one.Missed.Clear();
        two.Missed.Clear();

        await Server.KillAsync();
        await Wait.UntilAsync(() => one.Link.Health == BusHealth.Away && two.Link.Health == BusHealth.Away);
        Assert.False(one.Link.Sender.BroadcastOne<ControlItem>(new ControlItem.Changed(1)));
        Assert.False(two.Link.Sender.SendOne<ControlItem>(1, new ControlItem.Changed(1)));
        Assert.Empty(await one.Link.Calls.AskAsync([2], default, CancellationToken.None));
        await Server.StartAgainAsync();
        await Wait.UntilAsync(() => one.Missed.Contains(2) && two.Missed.Contains(1));
        await Wait.UntilAsync(() => one.Link.IsDatabaseOkElsewhere);

        async Task<IEnumerable<string>> AskAsync() =>
            (await one.Link.Calls.AskAsync([2, 3], "who?"u8.ToArray(), CancellationToken.None)).Select(answer => Encoding.ASCII.GetString(answer.Payload.Span));
    }

    private ClusterMetrics Metrics => field ??= new ClusterMetrics(_services.GetRequiredService<IMeterFactory>());

    private static byte[] Frame(int number, int size = 4)
    {
        var frame = new byte[size];
        new Random(number).NextBytes(frame);
        BitConverter.TryWriteBytes(frame, number);
        return frame;
    }

    private async Task HangAsync(TimeSpan time)
    {
        var (one, two) = (await UpAsync(1), await UpAsync(2));
        one.Bus.TrySend(2, Frame(1));
        await AssertReceivedAsync(two, [1]);
        Server.Hold();
        var longest = TimeSpan.Zero;
        var last = 1;
        try
        {
            var started = Stopwatch.GetTimestamp();
            // More than waits in the queue and in all buffers on the way.
            while (one.Bus.Health == BusHealth.Up)
            {
                var before = Stopwatch.GetTimestamp();
                for (var i = 0; i < 500; i++)
                    one.Bus.TrySend(2, Frame(++last, 3000));
                var took = Stopwatch.GetElapsedTime(before);
                longest = took > longest ? took : longest;
                Assert.True(Stopwatch.GetElapsedTime(started) < Wait.Limit, "The bus does not notice that its server hangs.");
                // The rate of a load, so that this is no loop that takes the processor from the bus.
                await Pause.ForAsync(5);
            }

            Assert.True(longest < TimeSpan.FromSeconds(1), $"500 frames took {longest.TotalMilliseconds:0} ms.");
            Assert.True(Dropped > 0);
            await AwayAsync(one, two);
            // How long it hangs is what the long test is about.
            await Pause.ForAsync(time);
        }
        finally
        {
            Server.GoOn();
        }

        await UpAsync(one, two);
        one.Bus.TrySend(2, Frame(last + 1));
        await Wait.UntilAsync(() => two.Numbers.Contains(last + 1));
        // What was on its way may come late; nothing comes twice.
        Assert.Equal(two.Numbers.Distinct(), two.Numbers);
    }

    private BusNode New(long generation, string? name = null)
    {
        var node = new BusNode(name ?? _name);
        node.Bus = Server.NewBus(node.Cluster, generation, node, Metrics);
        _nodes.Add(node);
        return node;
    }

    private async Task<BusNode> UpAsync(long generation, string? name = null)
    {
        var node = New(generation, name);
        node.Bus.Start();
        await UpAsync(node);
        return node;
    }

    private static async Task UpAsync(params BusNode[] nodes) =>
        await Wait.UntilAsync(() => nodes.All(node => node.Bus.Health == BusHealth.Up), Wait.Limit, () => "the bus to be up");

    private static async Task AwayAsync(params BusNode[] nodes) =>
        await Wait.UntilAsync(() => nodes.All(node => node.Bus.Health == BusHealth.Away), Wait.Limit, () => "the bus to be away");

    private static async Task AssertReceivedAsync(BusNode node, IEnumerable<int> expected, bool inOrder = true)
    {
        var numbers = expected.ToList();
        await Wait.UntilAsync(() => node.Numbers.Count >= numbers.Count, Wait.Limit, () => $"{numbers.Count} frames; there are {node.Numbers.Count}");
        if (inOrder)
            Assert.Equal(numbers, node.Numbers);
        else
            Assert.Equal(numbers.Order(), node.Numbers.Order());
    }

    /// <summary>By the time that a broadcast of somebody else has come, what was sent before would have come, too.</summary>
    private async Task AssertNothingElseAsync(params BusNode[] nodes)
    {
        foreach (var cluster in nodes.GroupBy(node => node.Cluster))
        {
            var before = cluster.Select(node => (node, node.Numbers.Count)).ToList();
            var marker = await UpAsync(1000, cluster.Key);
            marker.Bus.TryBroadcast(Frame(int.MaxValue));
            foreach (var (node, count) in before)
            {
                await Wait.UntilAsync(() => node.Numbers.Contains(int.MaxValue));
                Assert.Equal(count + 1, node.Numbers.Count);
            }
        }
    }
}
