namespace Sailfish.Server.Sessions;

/// <summary>
/// A token bucket in one number, the time at which it is full again: every session joins a room and pulls what it missed,
/// and then carries nothing more for it.
/// </summary>
internal struct Pace
{
    private long _fullAt;

    /// <summary>Takes one, or says how long until there is one.</summary>
    /// <param name="perSecond">How many there are in the long run; 0 for no end of them.</param>
    /// <param name="burst">How many there are at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wait">Zero when one was taken.</param>
    public bool TryTake(int perSecond, int burst, TimeProvider time, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perSecond == 0)
            return true;
        var now = time.GetTimestamp();
        var interval = Math.Max(1, time.TimestampFrequency / perSecond);
        var begin = Math.Max(_fullAt, now);
        var missing = begin - now - (interval * (burst - 1));
        if (missing > 0)
        {
            wait = TimeSpan.FromSeconds((double)missing / time.TimestampFrequency);
            return false;
        }

        _fullAt = begin + interval;
        return true;
    }
}
