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
    private long _generation;
    private long _end;

    /// <param name="generation">Goes up with each start of any node, and is given to one of them.</param>
    /// <param name="time">The clock of <paramref name="end"/>.</param>
    /// <param name="end">Until when the lease holds, as a timestamp of <paramref name="time"/>; for ever when not given.</param>
    public NodeLease(long generation, TimeProvider time, long end = ForEver)
    {
        _time = time;
        Begin(generation, end);
    }

    /// <summary>The node's number. It changes when the others have given the node up, and it begins anew.</summary>
    public long Generation => Volatile.Read(ref _generation);

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

    /// <summary>How long it still holds: nothing when it has ended, the longest time there is when it is for ever.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var end = Volatile.Read(ref _end);
            if (end == ForEver)
                return TimeSpan.MaxValue;
            var now = _time.GetTimestamp();
            return end <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, end);
        }
    }

    /// <summary>How long ago it ended: nothing while it holds, the longest time there is when it was taken away.</summary>
    public TimeSpan Overdue
    {
        get
        {
            var end = Volatile.Read(ref _end);
            var now = _time.GetTimestamp();
            if (now <= end)
                return TimeSpan.Zero;
            return end < 0 ? TimeSpan.MaxValue : _time.GetElapsedTime(end, now);
        }
    }

    /// <summary>It was renewed.</summary>
    public void Extend(long end) => Volatile.Write(ref _end, end);

    /// <summary>The others have given the node up: until it begins anew, it has no lease.</summary>
    public void End() => Extend(long.MinValue);

    /// <summary>The node begins anew, under another number.</summary>
    public void Begin(long generation, long end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(generation, MaxGeneration);
        Volatile.Write(ref _generation, generation);
        Extend(end);
    }
}
