using System.Threading.Channels;

namespace Sailfish.Server.Events;

/// <summary>Tells other parts, and later other nodes and programs, what happened.</summary>
internal interface IBus
{
    /// <summary>Whether anybody listens: spares the making of events that nobody hears.</summary>
    bool HasSubscribers { get; }

    /// <summary>Never waits: an event that no subscriber has room for is dropped there and counted.</summary>
    void Publish(DomainEvent domainEvent);

    /// <summary>
    /// Events from now on, those of one publisher in their order, each once; dispose the subscription to end it.
    /// </summary>
    BusSubscription Subscribe(int capacity = 4096);
}

/// <summary>A reader of events.</summary>
internal sealed class BusSubscription(ChannelReader<DomainEvent> reader, Action unsubscribe) : IDisposable
{
    public ChannelReader<DomainEvent> Reader => reader;

    public void Dispose() => unsubscribe();
}
