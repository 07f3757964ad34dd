using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Text;

namespace Sailfish.Server.Living;

/// <summary>A living room as stored.</summary>
/// <param name="Id">The room's.</param>
/// <param name="AppId">The app of the page.</param>
/// <param name="AnchorId">Whose it is.</param>
/// <param name="Type">1 normal, 2 PK.</param>
/// <param name="Name">As it is shown.</param>
/// <param name="StartedAt">In milliseconds since 1970.</param>
/// <param name="Likes">All that came.</param>
/// <param name="Peak">The most viewers that there ever were.</param>
/// <param name="Announcement">What the anchor has to say to all who come; empty for nothing.</param>
/// <param name="Edition">How often the two texts were changed.</param>
internal sealed record LivingRoomRow(
    long Id, long AppId, long AnchorId, int Type, string Name, long StartedAt, long Likes, long Peak, string Announcement = "", int Edition = 0);

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
    private volatile LivingTexts _texts = LivingTexts.Of(row);
    private long _likes = row.Likes;
    private long _peak = row.Peak;
    private long _savedLikes = row.Likes;
    private long _savedPeak = row.Peak;
    private long _toldLikes = row.Likes;
    private NameLook? _anchorLook;
    private (string Room, string Anchor, string Key)? _search;
    private bool _isFinal;

    /// <summary>As it was when the room started.</summary>
    public LivingRoomRow Row { get; } = row;

    public RoomKey Key { get; } = new(row.AppId, row.Id);

    /// <summary>What the anchor wrote, as far as this node has heard.</summary>
    public LivingTexts Texts => _texts;

    /// <summary>What the members were told of the room.</summary>
    public ToldState Told { get; } = new(
        new RoomKey(row.AppId, row.Id), new RoomState(StreamState.Off, 0, 0, 0, row.Name, row.Announcement));

    public long Likes => Volatile.Read(ref _likes);

    public long Peak => Volatile.Read(ref _peak);

    /// <summary>Users in the room through each of the other nodes, summed, as of some seconds ago.</summary>
    public int ViewersElsewhere { get; private set; }

    /// <summary>When the anchor was last in the room, as a timestamp of the time provider; the keeper's.</summary>
    public long AnchorSeen { get; set; } = anchorSeen;

    /// <summary>Who the anchor is, at most a second old; null until it was looked up after a restart.</summary>
    public Account? Anchor { get; set; }

    /// <summary>What the anchor's name looks like; before it was looked up, within a second, the room's, which most have from their anchors.</summary>
    public NameLook AnchorLook
    {
        get
        {
            var name = Anchor?.NickName ?? Row.Name;
            // Two threads may both make it; they make the same.
            return _anchorLook is { } known && known.Name == name ? known : _anchorLook = new NameLook(name);
        }
    }

    /// <summary>What the room is found by: both names. Made once while they stay; the snapshot's.</summary>
    public string SearchKey(string roomName, string anchorName)
    {
        if (_search is not { } known || known.Room != roomName || known.Anchor != anchorName)
            _search = known = (roomName, anchorName, RoomSearch.KeyOf(roomName, anchorName));
        return known.Key;
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

    /// <summary>What the store has of the texts, read at some time: it may be older than what is known.</summary>
    public void NoteTexts(LivingRoomRow stored)
    {
        lock (_counts)
        {
            if (stored.Edition > _texts.Edition)
                _texts = LivingTexts.Of(stored);
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

    /// <summary>What is not stored yet, if anything. Until it is known whether it was, nobody may store it too.</summary>
    public LivingCounts? Unsaved()
    {
        lock (_counts)
            return _likes == _savedLikes && _peak == _savedPeak ? null : UnsavedCounts();
    }

    /// <summary>After they were stored.</summary>
    public void MarkSaved(LivingCounts counts)
    {
        lock (_counts)
            (_savedLikes, _savedPeak) = (_savedLikes + counts.Likes, counts.Peak);
    }

    /// <summary>What other nodes have stored, and how many are in the room there.</summary>
    public void NoteElsewhere(LivingRoomRow stored, int viewers)
    {
        NoteTexts(stored);
        lock (_counts)
        {
            ViewersElsewhere = viewers;
            // Likes that came elsewhere; what came here and is stored is known.
            var more = Math.Max(0, stored.Likes - _savedLikes);
            (_likes, _savedLikes) = (_likes + more, _savedLikes + more);
            (_peak, _savedPeak) = (Math.Max(_peak, stored.Peak), Math.Max(_savedPeak, stored.Peak));
        }
    }

    /// <summary>Ends the counting, and gives what is not stored yet, for the record; what is counted after it would be lost.</summary>
    public LivingCounts Finish()
    {
        lock (_counts)
        {
            _isFinal = true;
            return UnsavedCounts();
        }
    }

    /// <summary>Counts on: the room could not be closed.</summary>
    public void GoOn()
    {
        lock (_counts)
            _isFinal = false;
    }

    private LivingCounts UnsavedCounts() => new(Row.Id, _likes - _savedLikes, _peak);
}
