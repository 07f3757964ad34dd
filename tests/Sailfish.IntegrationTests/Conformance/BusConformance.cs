using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sailfish.Server.Events;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// What every bus promises, however events travel. Each subscriber gets the events of one publisher in their order, each
/// once, from its subscription on. Publishing waits for nobody: what a subscriber has no room for is lost to it alone, and
/// counted. Each test has a bus of its own.
/// </summary>
public abstract class BusConformance : IDisposable
{
    private const long App = 1;
    private const long Ann = 10_001;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();

    /// <summary>One, whichever thread asks for it first.</summary>
    private readonly Lazy<IBus> _bus;
    private long _dropped;

    protected BusConformance() => _bus = new Lazy<IBus>(() => NewBus(_services.GetRequiredService<IMeterFactory>()));

    private IBus Bus => _bus.Value;

    /// <summary>The bus that is tested, with nobody who listens.</summary>
    private protected abstract IBus NewBus(IMeterFactory meters);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_subscriber_gets_what_is_published_from_its_subscription_on_until_it_ends()
    {
        Publish(1);
        using var all = Bus.Subscribe();
        Publish(2, 3);
        using var late = Bus.Subscribe();
        Publish(4);
        late.Dispose();
        Publish(5);
        Assert.Equal([2, 3, 4, 5], await ReadAsync(all, 4));
        Assert.Equal([4], await ReadAsync(late, 1));
        AssertNothing(all, late);
    }

    [Fact]
    public async Task An_event_comes_as_it_was_published()
    {
        using var subscription = Bus.Subscribe();
        DomainEvent[] events =
        [
            Event(1),
            new(EventTypes.RoomJoined, App, Ann, 2) { RoomId = 7 },
            new(EventTypes.MessageStored, App, Ann, long.MaxValue) { Conversation = "d:10001:10002", Seq = 9, MsgId = "3-9" },
        ];
        foreach (var each in events)
            Bus.Publish(each);
        foreach (var each in events)
            Assert.Equal(each, await NextAsync(subscription));
    }

    [Fact]
    public async Task What_a_subscriber_has_no_room_for_is_lost_to_it_alone_and_counted()
    {
        CountDropped();
        using var small = Bus.Subscribe(capacity: 2);
        using var large = Bus.Subscribe();
        Publish(1, 2, 3, 4, 5);
        Assert.Equal([1, 2, 3, 4, 5], await ReadAsync(large, 5));
        Assert.Equal([1, 2], await ReadAsync(small, 2));
        Assert.Equal(3, Interlocked.Read(ref _dropped));
        // It has read, and so has room.
        Publish(6, 7);
        Assert.Equal([6, 7], await ReadAsync(small, 2));
        Assert.Equal([6, 7], await ReadAsync(large, 2));
        AssertNothing(small, large);
        Assert.Equal(3, Interlocked.Read(ref _dropped));
    }

    [Fact]
    public void Whether_anybody_listens_is_known()
    {
        Assert.False(Bus.HasSubscribers);
        Publish(1);
        var one = Bus.Subscribe();
        var other = Bus.Subscribe();
        Assert.True(Bus.HasSubscribers);
        one.Dispose();
        Assert.True(Bus.HasSubscribers);
        // Once more ends nothing else.
        one.Dispose();
        Assert.True(Bus.HasSubscribers);
        other.Dispose();
        Assert.False(Bus.HasSubscribers);
    }

    [Fact]
    public async Task Of_many_who_publish_at_once_each_keeps_its_order_with_every_subscriber()
    {
        const int Publishers = 8, Each = 2000;
        BusSubscription[] subscriptions = [Bus.Subscribe(Publishers * Each), Bus.Subscribe(Publishers * Each)];
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(() =>
        {
            for (var i = 1; i <= Each; i++)
                Bus.Publish(Event(i, Ann + publisher));
        }))).WaitAsync(Wait.Limit);
        foreach (var subscription in subscriptions)
        {
            List<DomainEvent> events = [];
            while (events.Count < Publishers * Each)
                events.Add(await NextAsync(subscription));
            foreach (var ofOne in events.GroupBy(e => e.UserId))
                Assert.Equal(Enumerable.Range(1, Each).Select(i => (long)i), ofOne.Select(e => e.Epoch));
            AssertNothing(subscription);
            subscription.Dispose();
        }
    }

    [Fact]
    public async Task Who_comes_and_goes_while_others_publish_misses_nothing_between()
    {
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(() =>
        {
            for (var i = 1L; !stop.IsCancellationRequested; i++)
                Bus.Publish(Event(i));
        });
        for (var round = 0; round < 200; round++)
        {
            using var subscription = Bus.Subscribe(capacity: 100);
            var events = await ReadAsync(subscription, 100);
            Assert.Equal(Enumerable.Range(0, 100).Select(i => events[0] + i), events);
        }

        await stop.CancelAsync();
        await publishing.WaitAsync(Wait.Limit);
        Assert.False(Bus.HasSubscribers);
    }

    private static DomainEvent Event(long epoch, long user = Ann) => new(EventTypes.UserOnline, App, user, epoch);

    private void Publish(params ReadOnlySpan<long> epochs)
    {
        foreach (var epoch in epochs)
            Bus.Publish(Event(epoch));
    }

    private static async Task<DomainEvent> NextAsync(BusSubscription subscription) =>
        await subscription.Reader.ReadAsync().AsTask().WaitAsync(Wait.Limit);

    private static async Task<List<long>> ReadAsync(BusSubscription subscription, int count)
    {
        List<long> epochs = [];
        while (epochs.Count < count)
            epochs.Add((await NextAsync(subscription)).Epoch);
        return epochs;
    }

    /// <summary>What was published before has come already.</summary>
    private static void AssertNothing(params ReadOnlySpan<BusSubscription> subscriptions)
    {
        foreach (var subscription in subscriptions)
            Assert.False(subscription.Reader.TryRead(out _));
    }

    private void CountDropped()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "sailfish.bus.dropped" && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _dropped, count));
        _listener.Start();
    }
}
