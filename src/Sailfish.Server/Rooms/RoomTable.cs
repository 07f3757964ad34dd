using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>The rooms that somebody on this node is in.</summary>
internal sealed class RoomTable(IOptions<RoomsOptions> options)
{
    private readonly ConcurrentDictionary<RoomKey, Room> _rooms = new();

    public int Count => _rooms.Count;

    /// <summary>Those that are there while it is asked.</summary>
    public IEnumerable<Room> All => _rooms.Select(r => r.Value);

    public Room? Find(RoomKey key) => _rooms.GetValueOrDefault(key);

    /// <summary>Runs <paramref name="change"/> on a room, alone, making it first when it is not there.</summary>
    public T Change<T>(RoomKey key, Func<Room, T> change)
    {
        while (true)
        {
            var room = _rooms.GetOrAdd(key, static (k, max) => new Room(k, max), options.Value.MaxInFlight);
            lock (room)
            {
                if (room.IsGone)
                    continue;
                var result = change(room);
                if (room.Viewers == 0)
                {
                    room.IsGone = true;
                    _rooms.TryRemove(key, out _);
                }

                return result;
            }
        }
    }
}
