namespace Sailfish.Client.Connection;

/// <summary>
/// Exponential backoff with full jitter: random between 0 and min(max, min × 2^n), so that clients that lost the same
/// server do not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
/// </summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private const int MaxDoublings = 30;
    private int _attempts;

    /// <summary>The longest that the next delay can be.</summary>
    public TimeSpan Ceiling
    {
        get
        {
            var ticks = min.Ticks * Math.Pow(2, Math.Min(_attempts, MaxDoublings));
            return ticks < max.Ticks ? TimeSpan.FromTicks((long)ticks) : max;
        }
    }

    /// <summary>The next delay; each is drawn from a range twice the one before.</summary>
    public TimeSpan Next()
    {
        var delay = Ceiling * random.NextDouble();
        _attempts++;
        return delay;
    }

    /// <summary>Begins anew, after a connection that held.</summary>
    public void Reset() => _attempts = 0;
}
