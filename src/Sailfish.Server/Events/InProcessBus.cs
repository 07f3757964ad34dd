using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Events;

/// <summary>The bus of a single process: a bounded channel a subscriber.</summary>
internal sealed class InProcessBus : IBus
{
    private readonly Counter<long> _dropped;
    private ImmutableArray<Channel<DomainEvent>> _subscribers = [];

    public InProcessBus(IMeterFactory meters)
    {
        _dropped = meters.Create(SailfishMeter.Name)
            .CreateCounter<long>("sailfish.bus.dropped", "{event}", "Events that a subscriber had no room for");
    }

    public bool HasSubscribers => !_subscribers.IsEmpty;

    public void Publish(DomainEvent domainEvent)
    {
        foreach (var subscriber in _subscribers)
        {
            if (!subscriber.Writer.TryWrite(domainEvent))
                _dropped.Add(1);
        }
    }

    public BusSubscription Subscribe(int capacity = 4096)
    {
        var channel = Channel.CreateBounded<DomainEvent>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
        ImmutableInterlocked.Update(ref _subscribers, all => all.Add(channel));
        return new BusSubscription(channel.Reader, () => ImmutableInterlocked.Update(ref _subscribers, all => all.Remove(channel)));
    }
}
