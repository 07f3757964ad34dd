using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Living;

/// <summary>A node knows what others have started, closed and passed over, at the latest when somebody comes who knows it.</summary>
public sealed class LivingFollowerTests : IDisposable
{
    private const long App = 10001;
    private const long First = LivingRoom.FirstId;

    private readonly FakeSharedLiving _store = new();
    private readonly HandFeed _feed = new();
    private readonly LivingTable _table = new(
        new FakeLivingHistory(), new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]), TimeProvider.System);

    private readonly LivingFollower _follower;

    public LivingFollowerTests() => _follower = new LivingFollower(_store, _table, _feed);

    public void Dispose() => _follower.Dispose();

    [Fact]
    public async Task What_other_nodes_started_closed_and_passed_over_is_known_by_the_feed()
    {
        _store.Open.AddRange([Row(First), Row(First + 4)]);
        _store.Skipped.Add(new IdRange(First + 1, First + 2));
        _store.Last = First + 4;
        await TellAsync(First + 4);
        Assert.Equal(First + 5, _table.NextId);
        Assert.Equal(
            [RoomStatus.Open, RoomStatus.Unlisted, RoomStatus.Unlisted, RoomStatus.Closed, RoomStatus.Open, RoomStatus.Unlisted],
            Enumerable.Range(0, 6).Select(i => _table.StatusOf(Key(First + i))));

        _store.Open.RemoveAt(0);
        await TellAsync(First);
        await TellAsync(First);
        Assert.Equal((RoomStatus.Closed, RoomStatus.Open), (_table.StatusOf(Key(First)), _table.StatusOf(Key(First + 4))));
    }

    [Fact]
    public async Task Texts_that_were_changed_elsewhere_are_known_by_the_feed_or_the_next_look_and_older_ones_are_not_taken()
    {
        _store.Open.Add(Row(First));
        _store.Last = First;
        await TellAsync(First);
        var room = _table.Find(Key(First))!;
        _store.Open[0] = Row(First) with { Name = "Noodles", Announcement = "at eight", Edition = 2 };
        await TellAsync(First);
        Assert.Equal(("Noodles", "at eight"), (room.Texts.Name, room.Texts.Announcement));
        _store.Open[0] = Row(First) with { Name = "Older", Edition = 1 };
        await TellAsync(First);
        await _follower.RefreshAsync();
        Assert.Equal("Noodles", room.Texts.Name);
        _store.Open[0] = Row(First) with { Name = "Newer", Edition = 3 };
        await _follower.RefreshAsync();
        Assert.Equal(("Newer", ""), (room.Texts.Name, room.Texts.Announcement));
    }

    [Fact]
    public async Task A_room_that_started_and_closed_elsewhere_is_closed_here()
    {
        _store.Last = First;
        await TellAsync(First);
        Assert.Equal(RoomStatus.Closed, _table.StatusOf(Key(First)));
    }

    [Fact]
    public async Task Ranges_are_learnt_once()
    {
        _store.Last = First + 2;
        _store.Skipped.Add(new IdRange(First, First + 1));
        await _feed.MissAsync();
        _store.Last = First + 6;
        _store.Skipped.Add(new IdRange(First + 4, First + 5));
        await _feed.MissAsync();
        await _feed.MissAsync();
        Assert.Equal([First + 2, First + 3, First + 6], Enumerable.Range(0, 8).Select(i => First + i).Where(id => _table.StatusOf(Key(id)) == RoomStatus.Closed));
    }

    [Fact]
    public async Task A_JOIN_that_is_faster_than_the_feed_finds_the_room_and_an_apps_own_ids_are_not_asked_for()
    {
        _store.Open.Add(Row(First));
        _store.Last = First;
        await _follower.ReadAsync(Key(7));
        await _follower.ReadAsync(new RoomKey(App + 1, First));
        Assert.Equal(0, _store.NewsReads);
        await _follower.ReadAsync(Key(First));
        Assert.Equal(RoomStatus.Open, _table.StatusOf(Key(First)));
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_a_read_that_began_after_they_asked()
    {
        var gate = new TaskCompletionSource();
        _store.Gate = gate.Task;
        var first = _follower.ReadAsync(Key(First)).AsTask();
        _store.Open.Add(Row(First));
        _store.Last = First;
        List<Task> others = [.. Enumerable.Range(0, 100).Select(_ => _follower.ReadAsync(Key(First)).AsTask())];
        gate.SetResult();
        await first;
        await Task.WhenAll(others);
        Assert.Equal(RoomStatus.Open, _table.StatusOf(Key(First)));
        Assert.Equal(2, _store.NewsReads);
    }

    [Fact]
    public async Task Who_waits_for_a_read_that_fails_reads_for_himself()
    {
        var gate = new TaskCompletionSource();
        (_store.Gate, _store.Failure) = (gate.Task, new IOException());
        var first = _follower.ReadAsync(Key(First)).AsTask();
        var second = _follower.ReadAsync(Key(First)).AsTask();
        gate.SetResult();
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        _store.Failure = null;
        _store.Open.Add(Row(First));
        _store.Last = First;
        await _follower.ReadAsync(Key(First));
        Assert.Equal(RoomStatus.Open, _table.StatusOf(Key(First)));
    }

    [Fact]
    public async Task A_room_that_closes_while_it_is_read_as_open_stays_closed()
    {
        _store.Open.Add(Row(First));
        _store.Last = First;
        var gate = new TaskCompletionSource();
        _store.Gate = gate.Task;
        var reading = _follower.ReadAsync(Key(First)).AsTask();
        var refreshing = _follower.RefreshAsync();
        _store.Open.Clear();
        _table.Closed(Key(First));
        gate.SetResult();
        await reading;
        await refreshing;
        Assert.Equal(RoomStatus.Closed, _table.StatusOf(Key(First)));
    }

    [Fact]
    public async Task Each_look_takes_what_is_stored_of_all_rooms_and_lets_go_of_those_that_are_closed()
    {
        _store.Open.AddRange([Row(First), Row(First + 1)]);
        _store.Last = First + 1;
        await _follower.RefreshAsync();
        var (room, other) = (_table.Find(Key(First))!, _table.Find(Key(First + 1))!);
        Assert.Equal(RoomStatus.Unlisted, _table.StatusOf(Key(First + 2)));
        room.Like(3);
        _store.Open[0] = Row(First) with { Likes = 10, Peak = 7 };
        _store.ViewersElsewhere[First] = 5;
        _store.Open.RemoveAt(1);
        await _follower.RefreshAsync();
        Assert.Equal((13, 7, 5), (room.Likes, room.Peak, room.ViewersElsewhere));
        Assert.Equal(new LivingCounts(First, 3, 7), room.Unsaved());
        Assert.Equal(RoomStatus.Closed, _table.StatusOf(Key(First + 1)));
        Assert.Equal([other], _table.TakeEnded());
    }

    [Fact]
    public async Task A_room_that_starts_here_while_all_are_read_is_not_let_go_of()
    {
        var gate = new TaskCompletionSource();
        _store.Gate = gate.Task;
        var refreshing = _follower.RefreshAsync();
        _store.Open.Add(Row(First));
        _store.Last = First;
        Assert.True(_table.TryLearn(new LivingNews(First, [Row(First)], []), _table.Closes));
        gate.SetResult();
        await refreshing;
        Assert.Equal(RoomStatus.Open, _table.StatusOf(Key(First)));
    }

    [Fact]
    public async Task An_anchor_who_comes_is_noted_and_nobody_else_is()
    {
        _store.Open.AddRange([Row(First), Row(First + 1, 100_002)]);
        _store.Last = First + 1;
        await _feed.MissAsync();
        await _follower.EnteredAsync(Key(First), 100_002);
        await _follower.EnteredAsync(Key(7), 100_001);
        Assert.Empty(_store.Noted);
        await _follower.EnteredAsync(Key(First), 100_001);
        Assert.Equal([First], Assert.Single(_store.Noted));
        Assert.Equal(RoomStatus.Open, _table.StatusOf(Key(First)));
        // Closed just now, through another node.
        _store.Open.RemoveAt(0);
        await _follower.EnteredAsync(Key(First), 100_001);
        Assert.Equal(RoomStatus.Closed, _table.StatusOf(Key(First)));
    }

    private static RoomKey Key(long id) => new(App, id);

    private static LivingRoomRow Row(long id, long anchor = 100_001) => new(id, App, anchor, 1, "room", 1, 0, 0);

    private Task TellAsync(long id) => _feed.TellAsync(new Change(ChangeKind.LivingRoom, App, id));
}
