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
    private readonly long _appId;
    private readonly TimeProvider _time;
    private volatile IdRange[] _skipped;
    private long _lastId;

    public LivingTable(ILivingHistory history, AppTable apps, TimeProvider time)
    {
        _time = time;
        _appId = apps.First.AppId;
        _skipped = [.. history.LoadSkipped().OrderBy(r => r.First)];
        _lastId = history.LastId();
        foreach (var row in history.LoadOpen())
            Add(row);
    }

    /// <summary>The id after all that were given out.</summary>
    public long NextId => Volatile.Read(ref _lastId) + 1;

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

    public void Closed(RoomKey key) => _open.TryRemove(key, out _);

    public RoomStatus StatusOf(RoomKey key)
    {
        if (_open.ContainsKey(key))
            return RoomStatus.Open;
        // Living rooms are the first app's: ids of other apps' rooms have nothing to do with them.
        var isGiven = key.AppId == _appId && key.RoomId >= LivingRoom.FirstId && key.RoomId < NextId && !IdRange.Contains(_skipped, key.RoomId);
        return isGiven ? RoomStatus.Closed : RoomStatus.Unlisted;
    }

    public bool HasLike(NameLook look, long userId) => All().Any(room => room.Row.AnchorId != userId && room.AnchorLook.IsLike(look));

    public (long UserId, NameLook Look)? AnchorOf(RoomKey room) => Find(room) is { } open ? (open.Row.AnchorId, open.AnchorLook) : null;

    public void Joined(RoomKey key, TokenIdentity who, int viewers)
    {
        if (Find(key) is not { } room)
            return;
        room.NoteViewers(viewers);
        // Of an account it is known without.
        if (!who.IsAccount)
            room.NoteSeen(who.User.UserId);
    }
}
