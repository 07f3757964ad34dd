using System.Collections.Concurrent;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>Buses within the process: what one sends, the others receive at once, unless it is lost.</summary>
internal sealed class LocalBuses : IClusterBusFactory
{
    private readonly ConcurrentDictionary<long, IBusReceiver> _receivers = new();
    private readonly ConcurrentDictionary<(long From, long To), int> _toNodes = new();

    /// <summary>Whether a frame from a node to another gets lost, and nobody is told.</summary>
    public Func<long, long, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>Frames from a node to another alone.</summary>
    public int Frames(long from, long to) => _toNodes.GetValueOrDefault((from, to));

    public IClusterBus Create(long generation, IBusReceiver receiver)
    {
        _receivers[generation] = receiver;
        return new LocalBus(this, generation);
    }

    private void Deliver(long from, long to, ReadOnlyMemory<byte> frame)
    {
        if (!_receivers.TryGetValue(to, out var receiver) || Loses(from, to))
            return;
        lock (receiver)
            receiver.Received(frame.ToArray());
    }

    private sealed class LocalBus(LocalBuses buses, long generation) : IClusterBus
    {
        public BusHealth Health => BusHealth.Up;

        public int MaxFrameBytes => FrameHeader.MaxFrameBytes;

        public int MaxMessageBytes => FrameHeader.MaxFrameBytes;

        public void Start()
        {
        }

        public bool TrySend(long node, ReadOnlyMemory<byte> frame, bool isMore = false)
        {
            buses._toNodes.AddOrUpdate((generation, node), 1, (_, count) => count + 1);
            buses.Deliver(generation, node, frame);
            return true;
        }

        public void Flush()
        {
        }

        public bool TryBroadcast(ReadOnlyMemory<byte> frame, bool isMore = false)
        {
            foreach (var node in buses._receivers.Keys.Where(node => node != generation))
                buses.Deliver(generation, node, frame);
            return true;
        }

        public ValueTask DisposeAsync()
        {
            buses._receivers.TryRemove(generation, out _);
            return ValueTask.CompletedTask;
        }
    }
}
