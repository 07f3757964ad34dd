using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>A living room as stored.</summary>
internal sealed record LivingRoomRow(long Id, long AppId, long AnchorId, int Type, string Name, long StartedAt, long Likes, long Peak);

/// <summary>A closed living room as stored.</summary>
internal sealed record LivingRecord(long Id, long AnchorId, int Type, string Name, long StartedAt, long EndedAt, long Likes, long Peak);

/// <summary>An open living room. Its counts live here and are written behind.</summary>
internal sealed class LivingRoom(LivingRoomRow row, long anchorSeen)
{
    /// <summary>Room ids from here on are living rooms; below they are an app's own.</summary>
    public const long FirstId = 1_000_001;

    private long _likes = row.Likes;
    private long _peak = row.Peak;
    private long _savedLikes = row.Likes;
    private long _savedPeak = row.Peak;
    private long _toldLikes = row.Likes;

    public LivingRoomRow Row { get; } = row;

    public RoomKey Key { get; } = new(row.AppId, row.Id);

    public long Likes => Volatile.Read(ref _likes);

    public long Peak => Volatile.Read(ref _peak);

    /// <summary>When the anchor was last in the room, as a timestamp of the time provider; the keeper's.</summary>
    public long AnchorSeen { get; set; } = anchorSeen;

    public void Like(int count) => Interlocked.Add(ref _likes, count);

    public void NoteViewers(int viewers)
    {
        long peak;
        while (viewers > (peak = Volatile.Read(ref _peak)) && Interlocked.CompareExchange(ref _peak, viewers, peak) != peak)
        {
            // Another join was counted at the same time: look again.
        }
    }

    /// <summary>The likes, when they have grown since they were last told; the keeper's.</summary>
    public long? TakeUntoldLikes()
    {
        var likes = Likes;
        if (likes == _toldLikes)
            return null;
        _toldLikes = likes;
        return likes;
    }

    /// <summary>The row to store, when its counts have changed; the keeper's.</summary>
    public LivingRoomRow? TakeUnsaved()
    {
        var (likes, peak) = (Likes, Peak);
        if (likes == _savedLikes && peak == _savedPeak)
            return null;
        (_savedLikes, _savedPeak) = (likes, peak);
        return Row with { Likes = likes, Peak = peak };
    }
}
