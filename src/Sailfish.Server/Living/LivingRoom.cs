using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Text;

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

    /// <summary>Users without an account that are remembered after they left; then the first are forgotten.</summary>
    private const int MaxSeen = 10_000;

    private readonly Lock _counts = new();
    private readonly HashSet<long> _seen = [];
    private readonly Queue<long> _seenInOrder = new();
    private long _likes = row.Likes;
    private long _peak = row.Peak;
    private long _savedLikes = row.Likes;
    private long _savedPeak = row.Peak;
    private long _toldLikes = row.Likes;
    private NameLook? _anchorLook;
    private bool _isFinal;

    /// <summary>As it was when the room started.</summary>
    public LivingRoomRow Row { get; } = row;

    public RoomKey Key { get; } = new(row.AppId, row.Id);

    public long Likes => Volatile.Read(ref _likes);

    public long Peak => Volatile.Read(ref _peak);

    /// <summary>When the anchor was last in the room, as a timestamp of the time provider; the keeper's.</summary>
    public long AnchorSeen { get; set; } = anchorSeen;

    /// <summary>Who the anchor is, at most a second old; null until it was looked up after a restart.</summary>
    public Account? Anchor { get; set; }

    /// <summary>What the anchor's name looks like; before it was looked up, the room's, which the anchor had when it started.</summary>
    public NameLook AnchorLook
    {
        get
        {
            var name = Anchor?.NickName ?? Row.Name;
            // Two threads may both make it; they make the same.
            return _anchorLook is { } known && known.Name == name ? known : _anchorLook = new NameLook(name);
        }
    }

    /// <summary>The sum of likes with these; null when the room is closing and its counts are final.</summary>
    public long? Like(int count)
    {
        lock (_counts)
            return _isFinal ? null : _likes += count;
    }

    public void NoteViewers(int viewers)
    {
        lock (_counts)
        {
            if (!_isFinal)
                _peak = Math.Max(_peak, viewers);
        }
    }

    /// <summary>A user without an account was in the room.</summary>
    public void NoteSeen(long userId)
    {
        lock (_seen)
        {
            if (!_seen.Add(userId))
                return;
            _seenInOrder.Enqueue(userId);
            if (_seenInOrder.Count > MaxSeen)
                _seen.Remove(_seenInOrder.Dequeue());
        }
    }

    public bool HasSeen(long userId)
    {
        lock (_seen)
            return _seen.Contains(userId);
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

    /// <summary>The row to store, when its counts are not stored yet; the keeper's.</summary>
    public LivingRoomRow? Unsaved()
    {
        var now = Current();
        return now.Likes == _savedLikes && now.Peak == _savedPeak ? null : now;
    }

    /// <summary>After the row was stored; the keeper's.</summary>
    public void MarkSaved(LivingRoomRow stored) => (_savedLikes, _savedPeak) = (stored.Likes, stored.Peak);

    /// <summary>Ends the counting, for the record; what is counted after it would be lost.</summary>
    public LivingRoomRow Finish()
    {
        lock (_counts)
            _isFinal = true;
        return Current();
    }

    /// <summary>Counts on: the room could not be closed.</summary>
    public void GoOn()
    {
        lock (_counts)
            _isFinal = false;
    }

    private LivingRoomRow Current()
    {
        lock (_counts)
            return Row with { Likes = _likes, Peak = _peak };
    }
}
