namespace Sailfish.Server.Cluster;

/// <summary>What is known of the frames of one other node.</summary>
internal sealed class LinkSource(long now)
{
    private long _lastToHere;
    private long _lastToAll;
    private long _claimed;
    private long _claimedAt;

    /// <summary>When its last heartbeat came; before the first one, when it was first heard of.</summary>
    public long BeatAt { get; private set; } = now;

    /// <summary>A heartbeat has said how many frames there are.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>Its last heartbeat said that it reaches the database.</summary>
    public bool IsDatabaseOk { get; private set; }

    /// <summary>A frame came; true when others before it did not.</summary>
    public bool Take(long link, bool isToAll)
    {
        ref var last = ref (isToAll ? ref _lastToAll : ref _lastToHere);
        // What comes late, from a connection that hung, was told as missing before.
        var isHole = IsCounted && link > last + 1;
        last = Math.Max(last, link);
        return isHole;
    }

    /// <summary>A heartbeat says how many frames there were to this node. True with the first one: nobody knows what was before.</summary>
    public bool Beat(long count, bool isDatabaseOk, long now)
    {
        BeatAt = now;
        IsDatabaseOk = isDatabaseOk;
        if (IsCounted)
        {
            Claim(count, now);
            return false;
        }

        IsCounted = true;
        _lastToHere = Math.Max(_lastToHere, count);
        return true;
    }

    /// <summary>Whether a frame that a heartbeat spoke of before <paramref name="limit"/> has not come. Told once.</summary>
    public bool TakeOverdue(Func<long, TimeSpan> since, TimeSpan limit)
    {
        if (_claimed <= _lastToHere || since(_claimedAt) <= limit)
            return false;
        _lastToHere = _claimed;
        return true;
    }

    /// <summary>The heartbeat may have overtaken frames, which have another way. While one claim is open, later ones wait.</summary>
    private void Claim(long count, long now)
    {
        if (_claimed > _lastToHere || count <= _lastToHere)
            return;
        _claimed = count;
        _claimedAt = now;
    }
}
