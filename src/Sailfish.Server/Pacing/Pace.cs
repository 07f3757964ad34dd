namespace Sailfish.Server.Pacing;

/// <summary>
/// A token bucket in one number, the time at which it is full again: what nothing was taken from for a while carries
/// nothing more for it.
/// </summary>
internal struct Pace
{
    private long _fullAt;

    /// <summary>Takes <paramref name="cost"/>, or says how long until there are so many.</summary>
    public bool TryTake(Rate rate, int cost, Moment now, out TimeSpan wait)
    {
        wait = WaitFor(rate, cost, now);
        if (wait > TimeSpan.Zero)
            return false;
        Take(rate, cost, now);
        return true;
    }

    /// <summary>How long until there are <paramref name="cost"/>; zero when there are. What costs more than a burst waits for all of it.</summary>
    public readonly TimeSpan WaitFor(Rate rate, int cost, Moment now)
    {
        if (rate.IsOff)
            return TimeSpan.Zero;
        var missing = Math.Max(_fullAt, now.Timestamp) - now.Timestamp - (Interval(rate, now) * (rate.Burst - Math.Min(cost, rate.Burst)));
        return missing > 0 ? TimeSpan.FromSeconds((double)missing / now.Frequency) : TimeSpan.Zero;
    }

    /// <summary>Takes <paramref name="cost"/>, whether they are there or not.</summary>
    public void Take(Rate rate, int cost, Moment now)
    {
        if (!rate.IsOff)
            _fullAt = Math.Max(_fullAt, now.Timestamp) + (Interval(rate, now) * Math.Min(cost, rate.Burst));
    }

    /// <summary>Puts back what was taken for nothing.</summary>
    public void GiveBack(Rate rate, int cost, Moment now)
    {
        if (!rate.IsOff)
            _fullAt -= Interval(rate, now) * Math.Min(cost, rate.Burst);
    }

    /// <summary>Nothing is missing: a new one would be the same.</summary>
    public readonly bool IsFull(Moment now) => _fullAt <= now.Timestamp;

    private static long Interval(Rate rate, Moment now) => Math.Max(1, (long)(now.Frequency / rate.PerSecond));
}
