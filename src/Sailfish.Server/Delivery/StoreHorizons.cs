namespace Sailfish.Server.Delivery;

/// <summary>
/// What the store's horizon was at moments of this node (<see cref="IRepairSource.ReadHorizonAsync"/>). If nothing was missing
/// at a moment, then all that is missing later has been stored at the horizon of that moment, or after it: however long its
/// transaction took, and whatever the two clocks say.
/// </summary>
internal sealed class StoreHorizons(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LinkedList<(long At, DateTimeOffset Horizon)> _noted = new();

    /// <summary>The store told its horizon just now.</summary>
    public void Note(DateTimeOffset horizon)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_noted.Last is { } last && time.GetElapsedTime(last.Value.At, now) < Apart)
                return;
            _noted.AddLast((now, horizon));
            while (_noted.First!.Next is { } second && time.GetElapsedTime(second.Value.At, now) > Kept)
                _noted.RemoveFirst();
        }
    }

    /// <summary>The newest horizon that was known at a moment, a timestamp; null when none was.</summary>
    public DateTimeOffset? KnownAt(long at)
    {
        lock (_lock)
        {
            for (var noted = _noted.Last; noted is not null; noted = noted.Previous)
            {
                if (noted.Value.At <= at)
                    return noted.Value.Horizon;
            }
        }

        return null;
    }
}
