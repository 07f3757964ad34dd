using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>What a node notes of rooms in one statement, and those who wait for it.</summary>
internal sealed class RoomRoutesBatch
{
    private readonly Dictionary<RoomKey, bool> _rooms = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count => _rooms.Count;

    public Task Done => _done.Task;

    public IEnumerable<RoomKey> Wanted => _rooms.Where(room => room.Value).Select(room => room.Key);

    public IEnumerable<RoomKey> Left => _rooms.Where(room => !room.Value).Select(room => room.Key);

    /// <summary>What was asked for last of a room is what counts.</summary>
    public void Add(RoomKey room, bool isWanted) => _rooms[room] = isWanted;

    public void Stored() => _done.SetResult();

    public void Failed(Exception failure)
    {
        _done.SetException(failure);
        // Who asked may wait no more.
        _ = _done.Task.Exception;
    }
}
