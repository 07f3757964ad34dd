using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>What waits for a room's pump, and what is left to the log.</summary>
public sealed class RoomQueueTests
{
    private readonly Room _room = new(new RoomKey(1, 7), 5000);

    private RoomQueue Queue => _room.Queue;

    [Fact]
    public void Messages_come_out_in_their_order_until_one_is_missing()
    {
        Queue.Add(Entry(1));
        Queue.Add(Entry(2));
        Queue.Add(Entry(5));
        Assert.Equal([1, 2], Take(0));
        Assert.Equal(4, Queue.MissingUpTo(Queue.NewestSeq));
        Assert.False(Queue.IsEmptyAfter(2));
        Assert.Equal([5], Take(4));
        Assert.True(Queue.IsEmptyAfter(5));
    }

    [Fact]
    public void What_the_log_has_behind_all_that_waits_is_missing_too()
    {
        Queue.Add(Entry(1));
        Queue.Expect(3);
        Queue.Expect(2);
        Assert.Equal([1], Take(0));
        Assert.Equal(3, Queue.MissingUpTo(Queue.NewestSeq));
        Assert.False(Queue.IsEmptyAfter(1));
        Assert.True(Queue.IsEmptyAfter(3));
    }

    [Fact]
    public async Task What_was_read_from_the_log_meanwhile_is_passed_over_and_gives_its_place_back()
    {
        Queue.Add(Entry(2) with { Place = await RoomPlace.TakeAsync(_room, CancellationToken.None) });
        Queue.Add(Entry(3));
        Assert.Equal([3], Take(2));
        Assert.Equal(5000, _room.InFlight.CurrentCount);
    }

    [Fact]
    public async Task Messages_without_a_place_are_bounded_and_those_with_one_are_all_kept()
    {
        var data = new string('x', 10_000);
        for (var seq = 1; seq <= 3000; seq++)
            Queue.Add(Entry(seq, data));
        var kept = Take(0);
        Assert.InRange(kept.Count, 50, 105);
        Assert.Equal(3000, Queue.MissingUpTo(Queue.NewestSeq));

        for (var seq = 3001; seq <= 6000; seq++)
            Queue.Add(Entry(seq, data) with { Place = await RoomPlace.TakeAsync(_room, CancellationToken.None) });
        Assert.Equal(3000, Take(3000).Count);
        // What was taken out makes room.
        Queue.Add(Entry(6001));
        Assert.Equal([6001], Take(6000));
    }

    private RoomEntry Entry(long seq, string data = "{}") => new(Fakes.Message(_room.Conversation, seq, data: data), default, default);

    private List<long> Take(long after)
    {
        List<long> taken = [];
        while (Queue.TryTake(after, out var entry))
            taken.Add(after = entry.Message.Seq);
        return taken;
    }
}
