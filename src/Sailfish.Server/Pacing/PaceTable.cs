using System.Runtime.InteropServices;

namespace Sailfish.Server.Pacing;

/// <summary>
/// A rate of each account, through however many calls at once. Who took nothing yet has no entry, and who is full again loses
/// it. Not for the path of messages: it has one lock for all.
/// </summary>
internal sealed class PaceTable(Rate rate, TimeProvider time)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Pace> _paces = [];
    private long _swept = time.GetTimestamp();

    /// <summary>Accounts that have an entry.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _paces.Count;
        }
    }

    /// <summary>Takes so many; how long to wait, where there are less, and then none was taken.</summary>
    public TimeSpan? Take(long account, int cost)
    {
        if (rate.IsOff)
            return null;
        lock (_gate)
        {
            var now = Moment.Of(time);
            Sweep(now);
            ref var pace = ref CollectionsMarshal.GetValueRefOrAddDefault(_paces, account, out _);
            return pace.TryTake(rate, cost, now, out var wait) ? null : wait;
        }
    }

    private void Sweep(Moment now)
    {
        if (time.GetElapsedTime(_swept) < SweepInterval)
            return;
        _swept = now.Timestamp;
        foreach (var (account, pace) in _paces)
        {
            if (pace.IsFull(now))
                _paces.Remove(account);
        }
    }
}
