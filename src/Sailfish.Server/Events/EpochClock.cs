namespace Sailfish.Server.Events;

/// <summary>
/// Numbers that only grow, also over restarts: milliseconds of the start in the high bits, a counter in the low ones.
/// Taken under the user's lock, they order the user's events.
/// </summary>
internal sealed class EpochClock
{
    private const int CounterBits = 20;
    private long _last;

    public EpochClock(TimeProvider time)
    {
        _last = time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits;
    }

    public long Next() => Interlocked.Increment(ref _last);
}
