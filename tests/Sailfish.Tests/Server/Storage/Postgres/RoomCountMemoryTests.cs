using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server.Storage.Postgres;

public sealed class RoomCountMemoryTests
{
    private static readonly RoomElsewhere Some = new(3, 4, [2]);

    private readonly FakeTimeProvider _time = new();
    private readonly RoomCountMemory _memory;

    public RoomCountMemoryTests() => _memory = new RoomCountMemory(_time);

    [Fact]
    public void What_is_asked_for_is_wanted_and_then_known()
    {
        Assert.Empty(_memory.Wanted([]));
        Assert.Null(_memory.Find(Room(1)));
        Assert.Null(_memory.Find(Room(1)));
        Assert.Equal([Room(1), Room(2)], _memory.Wanted([Room(2)]).OrderBy(room => room.RoomId));
        _memory.Keep(Room(1), Some);
        _memory.Keep(Room(2), RoomElsewhere.Nobody);
        Assert.Same(Some, _memory.Find(Room(1)));
        Assert.Same(RoomElsewhere.Nobody, _memory.Find(Room(2)));
    }

    [Fact]
    public void What_nobody_asks_for_any_more_is_let_go_unless_somebody_is_in_it()
    {
        _memory.Keep(Room(1), Some);
        _memory.Wanted([Room(2)]);
        _memory.Keep(Room(2), Some);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Same(Some, _memory.Find(Room(1)));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal([Room(1), Room(2)], _memory.Wanted([Room(2)]).OrderBy(room => room.RoomId));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Room(2)], _memory.Wanted([Room(2)]));
        Assert.Same(Some, _memory.Find(Room(2)));
        Assert.Null(_memory.Find(Room(1)));
    }

    [Fact]
    public void Rooms_that_are_asked_for_are_bounded_and_those_with_members_here_do_not_count()
    {
        List<RoomKey> own = [.. Enumerable.Range(1, 100).Select(id => Room(-id))];
        _memory.Wanted(own);
        for (var id = 1; id <= RoomCountMemory.MaxWanted + 5; id++)
            _memory.Keep(Room(id), Some);
        Assert.Same(Some, _memory.Find(Room(RoomCountMemory.MaxWanted)));
        Assert.Null(_memory.Find(Room(RoomCountMemory.MaxWanted + 1)));
        Assert.Equal(RoomCountMemory.MaxWanted + own.Count, _memory.Wanted(own).Count);
    }

    private static RoomKey Room(long id) => new(1, id);
}
