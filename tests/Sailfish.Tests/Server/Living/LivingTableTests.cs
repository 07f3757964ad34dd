using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Living;

/// <summary>Which ids are open, closed, or an app's own.</summary>
public sealed class LivingTableTests
{
    private const long App = 10001;
    private const long First = LivingRoom.FirstId;

    [Fact]
    public void Ids_that_were_given_out_are_closed_unless_open_and_all_others_are_an_apps_own()
    {
        var table = Table(new FakeLivingHistory());
        Assert.Equal(First, table.NextId);
        Assert.Equal(RoomStatus.Unlisted, Status(table, First));
        table.GiveOut(First);
        Assert.Equal(RoomStatus.Closed, Status(table, First));
        var room = table.Add(Row(First));
        Assert.Equal(RoomStatus.Open, Status(table, First));
        Assert.Same(room, table.FindOf(App, room.Row.AnchorId));
        Assert.Null(table.FindOf(App + 1, room.Row.AnchorId));
        table.Closed(room.Key);
        table.Closed(room.Key);
        Assert.Equal(RoomStatus.Closed, Status(table, First));
        Assert.Null(table.Find(room.Key));
        foreach (var id in new[] { 1, First - 1, First + 1, long.MaxValue })
            Assert.Equal(RoomStatus.Unlisted, Status(table, id));
        Assert.Equal(RoomStatus.Unlisted, table.StatusOf(new RoomKey(App + 1, First)));
    }

    [Fact]
    public void Ids_that_were_skipped_stay_an_apps_own()
    {
        var table = Table(new FakeLivingHistory());
        table.GiveOut(First + 2);
        table.GiveOut(First + 3);
        table.Skip(First + 3);
        table.GiveOut(First + 4);
        table.GiveOut(First + 10);
        Assert.Equal([First + 2, First + 4, First + 10], Closed(table));
    }

    [Fact]
    public void What_the_store_has_is_known_after_a_restart()
    {
        var store = new FakeLivingHistory { Last = First + 20, Open = [Row(First + 7)], Skipped = [new(First + 9, First + 19), new(First, First + 5)] };
        var table = Table(store);
        Assert.Equal(First + 21, table.NextId);
        Assert.Equal(RoomStatus.Open, Status(table, First + 7));
        Assert.Equal([First + 6, First + 8, First + 20], Closed(table));
    }

    [Fact]
    public void An_id_is_found_in_many_ranges()
    {
        var ranges = Enumerable.Range(0, 1000).Select(i => new IdRange(i * 10, (i * 10) + (i % 5))).ToArray();
        for (var id = -1; id < 10_001; id++)
            Assert.Equal(id >= 0 && id < 10_000 && id % 10 <= id / 10 % 5, IdRange.Contains(ranges, id));
        Assert.False(IdRange.Contains([], 0));
    }

    [Fact]
    public async Task Likes_and_viewers_counted_at_once_are_all_counted_until_the_end_and_none_after_it()
    {
        var room = new LivingRoom(Row(First), 0);
        var counted = 0L;
        var liking = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 1; room.Like(1) is not null; i++)
            {
                Interlocked.Increment(ref counted);
                room.NoteViewers(i);
            }
        })).ToList();
        await Wait.UntilAsync(() => room.Likes > 1000);
        var final = room.Finish();
        await Task.WhenAll(liking);
        room.NoteViewers(int.MaxValue);
        Assert.Equal((counted, final.Likes, final.Peak), (final.Likes, room.Likes, room.Peak));
        room.GoOn();
        Assert.Equal(final.Likes + 2, room.Like(2));
    }

    [Fact]
    public void Guests_count_as_viewers_and_are_not_remembered_in_the_place_of_others()
    {
        var table = Table(new FakeLivingHistory());
        var room = table.Add(Row(First));
        table.Joined(room.Key, new TokenIdentity(new UserKey(App, 10_005), null, null, null), 1);
        for (var i = 0; i < 20_000; i++)
            table.Joined(room.Key, new TokenIdentity(new UserKey(App, Ids.FirstGuest + i), null, null, null), i + 2);
        Assert.Equal(20_001, room.Peak);
        Assert.True(room.HasSeen(10_005));
        Assert.False(room.HasSeen(Ids.FirstGuest + 19_999));
    }

    [Fact]
    public void Counts_are_to_be_stored_until_they_are()
    {
        var room = new LivingRoom(Row(First), 0);
        Assert.Null(room.Unsaved());
        room.Like(3);
        Assert.Equal(3, room.Unsaved()?.Likes);
        var counts = room.Unsaved()!;
        room.Like(1);
        room.MarkSaved(counts);
        Assert.Equal(1, room.Unsaved()?.Likes);
        room.MarkSaved(room.Unsaved()!);
        Assert.Null(room.Unsaved());
        room.NoteViewers(2);
        Assert.Equal(new LivingCounts(First, 0, 2), room.Unsaved());
        room.Like(5);
        Assert.Equal(new LivingCounts(First, 5, 2), room.Finish());
    }

    [Fact]
    public void What_was_counted_in_a_room_that_another_closed_is_still_to_be_stored()
    {
        var table = Table(new FakeLivingHistory());
        var room = table.Add(Row(First));
        room.Like(4);
        table.Closed(room.Key);
        table.Closed(room.Key);
        var ended = table.TakeEnded();
        Assert.Equal(new LivingCounts(First, 4, 0), Assert.Single(ended).Unsaved());
        Assert.Empty(table.TakeEnded());
        table.PutBack(ended);
        Assert.Equal(ended, table.TakeEnded());
    }

    [Fact]
    public void Likes_that_others_stored_come_to_ones_own_and_none_is_counted_twice()
    {
        var room = new LivingRoom(Row(First), 0);
        room.Like(3);
        room.NoteElsewhere(Row(First) with { Likes = 10, Peak = 4 }, 2);
        Assert.Equal((13, 4, 2), (room.Likes, room.Peak, room.ViewersElsewhere));
        var counts = room.Unsaved()!;
        Assert.Equal(new LivingCounts(First, 3, 4), counts);
        room.Like(1);
        room.MarkSaved(counts);
        room.NoteElsewhere(Row(First) with { Likes = 15, Peak = 4 }, 0);
        Assert.Equal((16, 16L), (room.Likes, room.TakeUntoldLikes()));
        // Read before the last save: it falls behind, and nothing is taken away.
        room.NoteElsewhere(Row(First) with { Likes = 12, Peak = 1 }, 0);
        Assert.Equal((16, 4), (room.Likes, room.Peak));
        Assert.Equal(1, room.Finish().Likes);
    }

    private static LivingTable Table(FakeLivingHistory store) =>
        new(store, new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]), TimeProvider.System);

    private static LivingRoomRow Row(long id) => new(id, App, 100_001, 1, "room", 1, 0, 0);

    private static RoomStatus Status(LivingTable table, long id) => table.StatusOf(new RoomKey(App, id));

    private static List<long> Closed(LivingTable table) =>
        [.. Enumerable.Range(-5, 50).Select(i => First + i).Where(id => Status(table, id) == RoomStatus.Closed)];
}
