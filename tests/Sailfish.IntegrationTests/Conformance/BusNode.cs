using Sailfish.Server.Cluster;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A node of a cluster: its bus, and what it has heard there.</summary>
internal sealed class BusNode(string cluster) : IBusReceiver, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private readonly List<BusHealth> _health = [];
    private int _inside;

    public string Cluster => cluster;

    public IClusterBus Bus { get; set; } = null!;

    /// <summary>Two calls brought frames at once.</summary>
    public bool HasOverlapped { get; private set; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Frames
    {
        get
        {
            lock (_lock)
                return [.. _frames];
        }
    }

    /// <summary>The numbers that the frames begin with.</summary>
    public IReadOnlyList<int> Numbers => [.. Frames.Select(frame => BitConverter.ToInt32(frame.Span))];

    /// <summary>What it became, one after the other.</summary>
    public IReadOnlyList<BusHealth> Health
    {
        get
        {
            lock (_lock)
                return [.. _health];
        }
    }

    public void Received(ReadOnlyMemory<byte> frame)
    {
        HasOverlapped |= Interlocked.Increment(ref _inside) != 1;
        lock (_lock)
            _frames.Add(frame);
        Interlocked.Decrement(ref _inside);
    }

    public void Lost()
    {
    }

    public void HealthChanged(BusHealth health)
    {
        lock (_lock)
            _health.Add(health);
    }

    /// <summary>How many frames have a number from one to another.</summary>
    public int Count(int from, int to)
    {
        lock (_lock)
            return _frames.Count(frame => BitConverter.ToInt32(frame.Span) is var number && number >= from && number <= to);
    }

    public ValueTask DisposeAsync() => Bus.DisposeAsync();
}
