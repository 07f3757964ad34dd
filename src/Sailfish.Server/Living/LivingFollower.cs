using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>
/// Keeps the table of living rooms as the store is, where other nodes start and close rooms, too: by the feed of changes, by a
/// look at all rooms each second, and by asking when somebody comes who may know more than this node does.
/// </summary>
internal sealed class LivingFollower : IRoomNews, IDisposable
{
    private readonly ISharedLiving _shared;
    private readonly LivingTable _table;

    /// <summary>One read of news at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Reads that have begun, and the last one that has ended with what it read.</summary>
    private long _begun;
    private long _ended;

    public LivingFollower(ISharedLiving shared, LivingTable table, IChangeFeed changes)
    {
        (_shared, _table) = (shared, table);
        changes.On(ChangeKind.LivingRoom, change => HearAsync(change));
        changes.OnMissed(LearnAsync);
    }

    public async ValueTask ReadAsync(RoomKey room)
    {
        if (!_table.IsLivingId(room))
            return;
        if (room.RoomId >= _table.NextId)
            await LearnAsync();
        else if (_table.Find(room) is { } known)
            await LookAgainAsync(known);
    }

    /// <summary>An anchor who comes is noted before he is told that he is there: whoever looks at that moment does not close the room.</summary>
    public async ValueTask EnteredAsync(RoomKey room, long userId)
    {
        if (_table.Find(room) is { } living && living.Row.AnchorId == userId && await _shared.NoteAnchorsAsync([room.RoomId], CancellationToken.None) == 0)
            _table.Closed(room);
    }

    /// <summary>Takes the counts of all nodes. Not while what was counted here is being stored, which would count twice.</summary>
    public async Task RefreshAsync()
    {
        var (lastId, closes) = (_table.NextId - 1, _table.Closes);
        var rooms = await _shared.ListAsync(CancellationToken.None);
        _table.Refresh(rooms, lastId, closes);
        if (rooms.Any(room => room.Row.Id >= _table.NextId))
            await LearnAsync();
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>It may have closed, or have other texts.</summary>
    private async Task LookAgainAsync(LivingRoom room)
    {
        if (await _shared.FindOpenAsync(room.Row.Id, CancellationToken.None) is { } stored)
            room.NoteTexts(stored);
        else
            _table.Closed(room.Key);
    }

    private Task HearAsync(Change change) =>
        change is { AppId: { } app, A: { } id } ? ReadAsync(new RoomKey(app, id)).AsTask() : Task.CompletedTask;

    /// <summary>Reads what is above the last id known here. Many who ask at once share a read that began after they asked.</summary>
    private async Task LearnAsync()
    {
        var asked = Interlocked.Read(ref _begun);
        await _turn.WaitAsync();
        try
        {
            // One that began after this was asked has ended.
            if (_ended > asked)
                return;
            long closes;
            LivingNews news;
            do
            {
                closes = _table.Closes;
                Interlocked.Increment(ref _begun);
                news = await _shared.ReadNewsAsync(_table.NextId - 1, CancellationToken.None);
            }
            while (!_table.TryLearn(news, closes));
            _ended = _begun;
        }
        finally
        {
            _turn.Release();
        }
    }
}
