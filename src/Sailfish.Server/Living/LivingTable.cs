using System.Collections.Concurrent;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;
using Sailfish.Server.Text;

namespace Sailfish.Server.Living;

/// <summary>The open living rooms, in memory, and which ids were given out.</summary>
internal sealed class LivingTable : IRoomPolicy, IAnchorNames
{
    private readonly ConcurrentDictionary<RoomKey, LivingRoom> _open = new();
    private readonly ConcurrentQueue<LivingRoom> _ended = new();

    /// <summary>What was read of the store is taken, and ends are noted, one after the other.</summary>
    private readonly Lock _following = new();
    private readonly long _appId;
    private readonly TimeProvider _time;
    private volatile IdRange[] _skipped;
    private long _lastId;
    private long _closes;

    public LivingTable(ILivingHistory history, AppTable apps, TimeProvider time)
    {
        _time = time;
        _appId = apps.First.AppId;
        // In this order: of each id that counts as given out it is then known what became of it, though others start rooms meanwhile.
        _lastId = history.LastId();
        foreach (var row in history.LoadOpen())
            Add(row);
        _skipped = [.. history.LoadSkipped().OrderBy(r => r.First)];
    }

    /// <summary>The id after all that were given out.</summary>
    public long NextId => Volatile.Read(ref _lastId) + 1;

    /// <summary>Goes up with each end: what was read of the store before one may be from before it.</summary>
    public long Closes => Volatile.Read(ref _closes);

    public IEnumerable<LivingRoom> All() => _open.Select(pair => pair.Value);

    public LivingRoom? Find(RoomKey key) => _open.GetValueOrDefault(key);

    /// <summary>The room that an anchor has open.</summary>
    public LivingRoom? FindOf(long appId, long anchorId) => All().FirstOrDefault(r => r.Key.AppId == appId && r.Row.AnchorId == anchorId);

    /// <summary>
    /// Gives out an id; those between the last one and it stay an app's own. From now on the id cannot be joined, until
    /// its room is added. One call at a time.
    /// </summary>
    public void GiveOut(long id)
    {
        // The range first: a reader that sees the new last id sees what was skipped before it.
        if (id > NextId)
            _skipped = [.. _skipped, new IdRange(NextId, id - 1)];
        Volatile.Write(ref _lastId, id);
    }

    /// <summary>The last id that was given out has been used before: it stays an app's own too.</summary>
    public void Skip(long id) => _skipped = [.. _skipped, new IdRange(id, id)];

    /// <summary>Lists a room as it starts, or as it goes on after a restart: its anchor has the whole time to come.</summary>
    public LivingRoom Add(LivingRoomRow row, Account? anchor = null)
    {
        var room = new LivingRoom(row, _time.GetTimestamp()) { Anchor = anchor };
        return _open.GetOrAdd(room.Key, room);
    }

    public void Closed(RoomKey key)
    {
        lock (_following)
        {
            _closes++;
            if (_open.TryRemove(key, out var room))
                _ended.Enqueue(room);
        }
    }

    /// <summary>Rooms that have closed since the last call: what was counted there may still have to be stored.</summary>
    public IReadOnlyList<LivingRoom> TakeEnded()
    {
        List<LivingRoom> ended = [];
        while (_ended.TryDequeue(out var room))
            ended.Add(room);
        return ended;
    }

    /// <summary>They could not be stored.</summary>
    public void PutBack(IEnumerable<LivingRoom> ended)
    {
        foreach (var room in ended)
            _ended.Enqueue(room);
    }

    /// <summary>
    /// Takes what the store has of ids above <see cref="NextId"/>; false when a room has closed since <paramref name="closes"/>
    /// was read: it might be opened again.
    /// </summary>
    public bool TryLearn(LivingNews news, long closes)
    {
        lock (_following)
        {
            if (closes != _closes)
                return false;
            foreach (var row in news.Open)
                Add(row);
            // Then the ranges, and then the id, as in GiveOut: nobody takes for closed what is open, or an app's own.
            var known = _skipped is [.., var last] ? last.Last : 0;
            _skipped = [.. _skipped, .. news.Skipped.Where(r => r.First > known).OrderBy(r => r.First)];
            Volatile.Write(ref _lastId, Math.Max(_lastId, news.LastId));
            return true;
        }
    }

    /// <summary>Takes what the store has of all open rooms.</summary>
    /// <param name="rooms">Read after the two others.</param>
    /// <param name="lastId">The last id known then: a room with a higher one may have started after the read.</param>
    /// <param name="closes">As of <see cref="Closes"/>.</param>
    public void Refresh(IReadOnlyList<SharedRoom> rooms, long lastId, long closes)
    {
        lock (_following)
        {
            var isCurrent = closes == _closes;
            foreach (var (row, elsewhere) in rooms)
                (Find(new RoomKey(row.AppId, row.Id)) ?? (isCurrent ? Add(row) : null))?.NoteElsewhere(row, elsewhere);
            if (!isCurrent)
                return;
            var open = rooms.Select(room => room.Row.Id).ToHashSet();
            foreach (var room in All().Where(room => room.Row.Id <= lastId && !open.Contains(room.Row.Id)))
                Closed(room.Key);
        }
    }

    /// <summary>Whether a living room has the id, or may get it. They are the first app's: ids of other apps' rooms have nothing to do with them.</summary>
    public bool IsLivingId(RoomKey key) => key.AppId == _appId && key.RoomId >= LivingRoom.FirstId;

    public RoomStatus StatusOf(RoomKey key)
    {
        // Looked at first: what starts elsewhere is listed before its id counts as given out.
        var isGiven = IsLivingId(key) && key.RoomId < NextId && !IdRange.Contains(_skipped, key.RoomId);
        if (_open.ContainsKey(key))
            return RoomStatus.Open;
        return isGiven ? RoomStatus.Closed : RoomStatus.Unlisted;
    }

    public bool HasLike(NameLook look, long userId) => All().Any(room => room.Row.AnchorId != userId && room.AnchorLook.IsLike(look));

    public (long UserId, NameLook Look)? AnchorOf(RoomKey room) => Find(room) is { } open ? (open.Row.AnchorId, open.AnchorLook) : null;

    public void Joined(RoomKey key, TokenIdentity who, int viewers)
    {
        if (Find(key) is not { } room)
            return;
        room.NoteViewers(viewers);
        // Of an account it is known without; and guests, of whom there are any number, would drive the others out.
        if (!who.IsAccount && !who.IsGuest)
            room.NoteSeen(who.User.UserId);
    }
}
