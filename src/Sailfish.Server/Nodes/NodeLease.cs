namespace Sailfish.Server.Nodes;

/// <summary>
/// Which start of which node this process is, and whether it may still append and deliver: a node whose lease has ended may
/// have been given up by the others. A server that is alone has its lease for ever.
/// </summary>
internal sealed class NodeLease
{
    private const long ForEver = long.MaxValue;

    /// <summary>What leaves <see cref="NodeNumbers"/> their counter.</summary>
    private const long MaxGeneration = (1L << (63 - NodeNumbers.CounterBits)) - 1;

    private readonly TimeProvider _time;
    private long _end;

    /// <param name="generation">Goes up with each start of any node, and is given to one of them.</param>
    /// <param name="time">The clock of <paramref name="end"/>.</param>
    /// <param name="end">Until when the lease holds, as a timestamp of <paramref name="time"/>; for ever when not given.</param>
    public NodeLease(long generation, TimeProvider time, long end = ForEver)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(generation, MaxGeneration);
        Generation = generation;
        _time = time;
        _end = end;
    }

    public long Generation { get; }

    /// <summary>
    /// Asked before each batch and each frame: one volatile read where it is for ever, else the monotonic clock beside it, so
    /// that a process that stood still finds its lease ended before it does anything.
    /// </summary>
    public bool IsValid
    {
        get
        {
            var end = Volatile.Read(ref _end);
            return end == ForEver || _time.GetTimestamp() < end;
        }
    }

    /// <summary>It was renewed.</summary>
    public void Extend(long end) => Volatile.Write(ref _end, end);
}
