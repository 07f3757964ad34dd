namespace Sailfish.Server.Sessions;

/// <summary>
/// A token bucket in one number, the time at which it is full again: what nothing was taken from for a while carries
/// nothing more for it.
/// </summary>
internal struct Pace
{
    private long _fullAt;

    /// <summary>Takes <paramref name="cost"/>, or says how long until there are so many.</summary>
    public bool TryTake(Rate rate, int cost, TimeProvider time, out TimeSpan wait)
    {
        wait = WaitFor(rate, cost, time);
        if (wait > TimeSpan.Zero)
            return false;
        Take(rate, cost, time);
        return true;
    }

    /// <summary>How long until there are <paramref name="cost"/>; zero when there are. What costs more than a burst waits for all of it.</summary>
    public readonly TimeSpan WaitFor(Rate rate, int cost, TimeProvider time)
    {
        if (rate.IsOff)
            return TimeSpan.Zero;
        var now = time.GetTimestamp();
        var missing = Math.Max(_fullAt, now) - now - (Interval(rate, time) * (rate.Burst - Math.Min(cost, rate.Burst)));
        return missing > 0 ? TimeSpan.FromSeconds((double)missing / time.TimestampFrequency) : TimeSpan.Zero;
    }

    /// <summary>Takes <paramref name="cost"/>, whether they are there or not.</summary>
    public void Take(Rate rate, int cost, TimeProvider time)
    {
        if (!rate.IsOff)
            _fullAt = Math.Max(_fullAt, time.GetTimestamp()) + (Interval(rate, time) * Math.Min(cost, rate.Burst));
    }

    /// <summary>Nothing is missing: a new one would be the same.</summary>
    public readonly bool IsFull(TimeProvider time) => _fullAt <= time.GetTimestamp();

    private static long Interval(Rate rate, TimeProvider time) => Math.Max(1, (long)(time.TimestampFrequency / rate.PerSecond));
}
