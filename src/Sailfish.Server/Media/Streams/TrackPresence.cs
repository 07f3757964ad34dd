namespace Sailfish.Server.Media.Streams;

/// <summary>Whether a track comes, beside another one that does. By the clock, not by times, which may leap in both.</summary>
/// <param name="limit">For so long it may stay away; twice as long after each time that it came back.</param>
/// <param name="time">The clock.</param>
internal sealed class TrackPresence(TimeSpan limit, TimeProvider time)
{
    /// <summary>While nothing comes at all, no track is missing.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(1);

    private TimeSpan _limit = limit;
    private long _seenAt;
    private long _heardAt;

    /// <summary>It has stayed away for too long.</summary>
    public bool IsGone { get; private set; }

    /// <summary>A tag has come, of this track or of the other; true when the track is gone by now, or back.</summary>
    public bool Note(bool isOwn)
    {
        var (now, was) = (time.GetTimestamp(), IsGone);
        if (isOwn || _seenAt == 0 || time.GetElapsedTime(_heardAt, now) > StallLimit)
            _seenAt = now;
        _heardAt = now;
        IsGone = !isOwn && (was || time.GetElapsedTime(_seenAt, now) > _limit);
        // Pictures that are further apart than that are no reason to have all viewers begin anew twice for each.
        if (was && !IsGone)
            _limit *= 2;
        return IsGone != was;
    }
}
