using System.Collections.Concurrent;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>The open living rooms, in memory.</summary>
internal sealed class LivingTable : IRoomPolicy
{
    private readonly ConcurrentDictionary<RoomKey, LivingRoom> _open = new();
    private readonly TimeProvider _time;
    private long _lastId;

    public LivingTable(ILivingStore store, TimeProvider time)
    {
        _time = time;
        _lastId = store.LastId();
        foreach (var row in store.LoadOpen())
            Add(row);
    }

    public IEnumerable<LivingRoom> All() => _open.Select(pair => pair.Value);

    public LivingRoom? Find(RoomKey key) => _open.GetValueOrDefault(key);

    /// <summary>Lists a room as it starts, or as it goes on after a restart: its anchor has the whole time to come.</summary>
    public LivingRoom Add(LivingRoomRow row)
    {
        for (var last = Volatile.Read(ref _lastId); row.Id > last; last = Volatile.Read(ref _lastId))
            Interlocked.CompareExchange(ref _lastId, row.Id, last);
        var room = new LivingRoom(row, _time.GetTimestamp());
        return _open.GetOrAdd(room.Key, room);
    }

    public bool Remove(LivingRoom room) => _open.TryRemove(new KeyValuePair<RoomKey, LivingRoom>(room.Key, room));

    public RoomStatus StatusOf(RoomKey key)
    {
        if (_open.ContainsKey(key))
            return RoomStatus.Open;
        return key.RoomId >= LivingRoom.FirstId && key.RoomId <= Volatile.Read(ref _lastId) ? RoomStatus.Closed : RoomStatus.Unlisted;
    }

    public void Joined(RoomKey key, int viewers) => Find(key)?.NoteViewers(viewers);
}
