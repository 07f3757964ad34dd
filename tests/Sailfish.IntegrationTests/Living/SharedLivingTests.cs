using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Living rooms of two nodes on one PostgreSQL: one start, one end, one sum of likes, whichever node they come through.</summary>
public sealed class SharedLivingTests : IAsyncLifetime
{
    private const long Anchor = 100_001;
    private const long Viewer = 100_002;
    private const long First = LivingRoom.FirstId;

    private string _name = "";
    private LivingNode? _one;
    private LivingNode? _other;

    private LivingNode One => _one!;

    private LivingNode Other => _other!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        (_one, _other) = (await NewNodeAsync(), await NewNodeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in new[] { _one, _other })
        {
            if (node is not null)
                await node.DisposeAsync();
        }

        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task Starts_of_one_anchor_at_once_on_both_nodes_are_one_room()
    {
        var rooms = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? One : Other).StartAsync(Anchor)))).WaitAsync(Wait.Limit);
        Assert.Equal(First, Assert.Single(rooms.Select(room => room.Row.Id).Distinct()));
        foreach (var node in new[] { One, Other })
        {
            Assert.Equal(RoomStatus.Open, node.Table.StatusOf(LivingNode.Key(First)));
            Assert.Equal(First, Assert.Single(node.Snapshot.Page(LivingNode.App, 1, 1, 10).Cards).Id);
        }
    }

    [Fact]
    public async Task Rooms_that_both_nodes_start_in_turn_have_ids_that_go_up_and_are_known_to_both()
    {
        List<long> ids = [];
        for (var i = 0; i < 6; i++)
            ids.Add((await (i % 2 == 0 ? One : Other).StartAsync(Anchor + i)).Row.Id);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => First + i), ids);
        foreach (var node in new[] { One, Other })
        {
            await node.RoundAsync();
            Assert.All(ids, id => Assert.Equal(RoomStatus.Open, node.Table.StatusOf(LivingNode.Key(id))));
        }
    }

    [Fact]
    public async Task A_JOIN_on_another_node_finds_a_room_that_started_just_now_and_knows_one_that_came_and_went()
    {
        var room = (await One.StartAsync(Anchor)).Row.Id;
        Assert.Contains("viewers", PipeSession.Sent(await Other.JoinAsync(room, Viewer)), StringComparison.Ordinal);
        var gone = await One.StartAsync(Anchor + 1);
        Assert.True(await One.Living.CloseAsync(gone, "test", CancellationToken.None));
        Assert.Contains("room_closed", PipeSession.Sent(await Other.JoinAsync(gone.Row.Id, Viewer)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_JOIN_on_a_node_that_has_not_heard_of_the_end_is_refused()
    {
        var room = (await One.StartAsync(Anchor)).Row.Id;
        await Other.RoundAsync();
        Assert.True(await One.Living.CloseAsync(One.Table.Find(LivingNode.Key(room))!, "test", CancellationToken.None));
        Assert.Equal(RoomStatus.Open, Other.Table.StatusOf(LivingNode.Key(room)));
        Assert.Contains("room_closed", PipeSession.Sent(await Other.JoinAsync(room, Viewer)), StringComparison.Ordinal);
        Assert.Null(Other.Rooms.Find(LivingNode.Key(room)));
        Assert.Equal(RoomStatus.Closed, Other.Table.StatusOf(LivingNode.Key(room)));
    }

    [Fact]
    public async Task An_anchor_whose_room_closed_through_another_node_gets_a_new_one()
    {
        var room = await One.StartAsync(Anchor);
        await Other.RoundAsync();
        Assert.True(await Other.Living.CloseAsync((await Other.Living.FindAsync(room.Key))!, "test", CancellationToken.None));
        Assert.Equal(First + 1, (await One.StartAsync(Anchor)).Row.Id);
        await One.RoundAsync();
        Assert.Equal([First + 1], One.Table.All().Select(r => r.Row.Id));
        Assert.Equal(RoomStatus.Closed, One.Table.StatusOf(room.Key));
    }

    [Fact]
    public async Task A_room_with_members_on_another_node_does_not_become_a_living_room()
    {
        await One.SqlAsync<long>($"INSERT INTO room_node (app_id, room_id, node) VALUES (1, {First}, {Other.Generation}) RETURNING 1");
        await One.SqlAsync<long>($"INSERT INTO used_room (room_id) VALUES ({First + 1}) RETURNING 1");
        var room = (await One.StartAsync(Anchor)).Row.Id;
        Assert.InRange(room, First + 2, long.MaxValue);
        await Other.RoundAsync();
        Assert.Equal(RoomStatus.Unlisted, Other.Table.StatusOf(LivingNode.Key(First)));
        Assert.Equal(RoomStatus.Open, Other.Table.StatusOf(LivingNode.Key(room)));
    }

    [Fact]
    public async Task Likes_of_both_nodes_are_one_sum_on_both_and_a_room_that_closes_keeps_those_that_were_not_stored_yet()
    {
        var room = await One.StartAsync(Anchor);
        await Other.RoundAsync();
        var there = Other.Table.Find(room.Key)!;
        Assert.Equal((3, 4), (One.Living.Like(room, 3), Other.Living.Like(there, 4)));
        await RoundsAsync();
        Assert.Equal((7L, 7L), (room.Likes, there.Likes));
        Assert.Equal((7L, 7L), (room.TakeUntoldLikes(), there.TakeUntoldLikes()));
        for (var i = 0; i < 3; i++)
            await RoundsAsync();
        Assert.Equal((7L, 7L), (room.Likes, there.Likes));
        Assert.Equal(7, Assert.Single(Refreshed(Other)).GoodNum);

        Other.Living.Like(there, 5);
        One.Living.Like(room, 1);
        Assert.True(await One.Living.CloseAsync(room, "test", CancellationToken.None));
        Assert.NotNull(Other.Living.Like(there, 2));
        await RoundsAsync();
        await RoundsAsync();
        Assert.Equal(15, Assert.Single(await RecordsAsync()).Likes);
    }

    [Fact]
    public async Task Texts_that_are_changed_on_both_nodes_at_once_are_the_same_on_both_and_in_the_record()
    {
        var room = await One.StartAsync(Anchor);
        await Other.RoundAsync();
        var there = Other.Table.Find(room.Key)!;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => i % 2 == 0
            ? One.Living.EditAsync(room, $"name {i}", null, CancellationToken.None)
            : Other.Living.EditAsync(there, null, $"text {i}", CancellationToken.None)));
        await RoundsAsync();
        Assert.Equal(10, room.Texts.Edition);
        Assert.Equal(room.Texts, there.Texts);
        Assert.Equal(room.Texts.Name, Assert.Single(Refreshed(Other)).RoomName);
        Assert.True(await One.Living.CloseAsync(room, "test", CancellationToken.None));
        Assert.Null(await Other.Living.EditAsync(there, "too late", null, CancellationToken.None));
        Assert.Equal(room.Texts.Name, Assert.Single(await RecordsAsync()).Name);
    }

    [Fact]
    public async Task Viewers_of_all_nodes_are_in_the_list_and_in_the_peak()
    {
        var room = await One.StartAsync(Anchor);
        await Other.RoundAsync();
        await Other.JoinAsync(room.Row.Id, Viewer);
        await Other.SqlAsync<long>($"INSERT INTO room_node (app_id, room_id, node, viewers) VALUES (1, {room.Row.Id}, {One.Generation}, 3), (1, {room.Row.Id}, {Other.Generation}, 1), (1, {room.Row.Id}, 999, 50) RETURNING 1");
        await Other.RoundAsync();
        Assert.Equal(4, Assert.Single(Refreshed(Other)).WatchNum);
        await One.RoundAsync();
        Assert.Equal(1, Assert.Single(Refreshed(One)).WatchNum);
    }

    [Fact]
    public async Task Of_two_nodes_that_close_at_once_one_does_and_the_end_is_in_the_log_once()
    {
        var room = await One.StartAsync(Anchor);
        var there = (await Other.Living.FindAsync(room.Key))!;
        var closed = await Task.WhenAll(
            One.Living.CloseAsync(room, "test", CancellationToken.None), Other.Living.CloseAsync(there, "test", CancellationToken.None));
        Assert.Single(closed, isClosed => isClosed);
        Assert.Equal(1, One.Ends + Other.Ends);
        Assert.Equal(1, await One.SqlAsync<long>("SELECT count(*) FROM message WHERE biz_code = 5570"));
        Assert.Single(await RecordsAsync());
        Assert.All([One, Other], node => Assert.Equal(RoomStatus.Closed, node.Table.StatusOf(room.Key)));
    }

    private static IReadOnlyList<LivingCard> Refreshed(LivingNode node)
    {
        node.Snapshot.Refresh();
        return node.Snapshot.Page(LivingNode.App, 1, 1, 10).Cards;
    }

    private async Task<LivingNode> NewNodeAsync() => await LivingNode.StartAsync((await SharedPostgres.ServerAsync()).ConnectionString(_name));

    private async Task RoundsAsync()
    {
        foreach (var node in new[] { One, Other, One })
            await node.RoundAsync();
    }

    private ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync() => Other.History.RecordsAsync(LivingNode.App, Anchor, 0, 10, CancellationToken.None);
}
