using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Living;

namespace Sailfish.IntegrationTests.Living;

/// <summary>
/// A room closes when its anchor is on no node for long enough, once, by whichever node leads. Time passes in the database by
/// moving what is stamped there back.
/// </summary>
public sealed class SharedAnchorTests : IAsyncLifetime
{
    private const long Anchor = 100_001;

    /// <summary>A round of the leader, after an outage or a change of the lead.</summary>
    private const int Calm = 16;

    private string _name = "";
    private LivingNode? _one;
    private LivingNode? _other;

    private LivingNode One => _one!;

    private LivingNode Other => _other!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        var database = (await SharedPostgres.ServerAsync()).ConnectionString(_name);
        (_one, _other) = (await LivingNode.StartAsync(database), await LivingNode.StartAsync(database));
        // This one leads.
        await One.RoundAsync();
        await Other.RoundAsync();
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
    public async Task An_anchor_on_another_node_keeps_the_room_open_and_when_he_has_left_it_closes_once()
    {
        var room = await Other.StartAsync(Anchor);
        var there = await Other.JoinAsync(room.Row.Id, Anchor);
        await LetPassAsync(600);
        await Other.PassAsync(6);
        await One.PassAsync(Calm);
        Assert.NotNull(One.Table.Find(room.Key));
        Assert.Equal(0, One.Ends);

        Other.Leave(there, room.Row.Id);
        await LetPassAsync(50);
        await BothPassAsync(6);
        Assert.Equal(0, One.Ends);
        await LetPassAsync(20);
        await BothPassAsync(6);
        Assert.Equal((1, 0), (One.Ends, Other.Ends));
        Assert.Null(Other.Table.Find(room.Key));
        Assert.Equal(1, await One.SqlAsync<long>("SELECT count(*) FROM living_room_record"));
        Assert.Equal(1, await One.SqlAsync<long>("SELECT count(*) FROM message WHERE biz_code = 5570"));
    }

    [Fact]
    public async Task A_stream_on_another_node_keeps_the_room_open_and_its_end_counts()
    {
        var room = await Other.StartAsync(Anchor);
        Other.Streams.Set(room.Key, new RoomStream(StreamState.Live, 640, 360, IsHere: true));
        await LetPassAsync(600);
        await Other.PassAsync(6);
        await One.PassAsync(Calm);
        Assert.NotNull(One.Table.Find(room.Key));

        Other.Streams.Set(room.Key, default);
        await LetPassAsync(50);
        await BothPassAsync(6);
        Assert.Equal(0, One.Ends);
        await LetPassAsync(20);
        await BothPassAsync(6);
        Assert.Equal((1, 0), (One.Ends, Other.Ends));
    }

    [Fact]
    public async Task Another_node_takes_over_from_a_leader_that_died_and_rooms_do_not_begin_to_wait_anew()
    {
        var room = await Other.StartAsync(Anchor);
        await LetPassAsync(600);
        await One.PassAsync(10);
        await Other.PassAsync(30);
        Assert.Equal(0, One.Ends + Other.Ends);
        await DieAsync(seconds: 11);
        await Other.PassAsync(Calm);
        Assert.Equal(1, Other.Ends);
        Assert.Null(Other.Table.Find(room.Key));
    }

    [Fact]
    public async Task After_a_time_without_any_node_anchors_have_the_whole_time_to_come()
    {
        await Other.StartAsync(Anchor);
        await LetPassAsync(600);
        await DieAsync(seconds: 60);
        await Other.PassAsync(Calm);
        Assert.Equal(0, Other.Ends);
        await LetPassAsync(70);
        await Other.PassAsync(2);
        Assert.Equal(1, Other.Ends);
    }

    [Fact]
    public async Task An_anchors_JOIN_is_noted_before_it_is_answered_and_an_end_that_was_decided_before_it_fails()
    {
        var room = await Other.StartAsync(Anchor);
        await LetPassAsync(600);
        await One.RoundAsync();
        One.Time.Advance(CalmTime.Needed);
        await LetPassAsync(0);
        Assert.Equal(room.Row.Id, Assert.Single(await One.Watch.FindDesertedAsync()).Row.Id);
        var here = One.Table.Find(room.Key)!;
        Assert.Contains("viewers", PipeSession.Sent(await Other.JoinAsync(room.Row.Id, Anchor)), StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<IOException>(() => One.Living.CloseAsync(here, "test", One.Watch.CloseAsync, CancellationToken.None));
        Assert.NotNull(failure.InnerException);
        Assert.Equal((0L, 1L), (await One.SqlAsync<long>("SELECT count(*) FROM message"), await One.SqlAsync<long>("SELECT count(*) FROM living_room")));
        Assert.Equal(0, await One.SqlAsync<long>("SELECT count(*) FROM conversation WHERE closed"));
        Assert.Empty(await One.Watch.FindDesertedAsync());
        // It goes on, and its anchor can close it.
        Assert.NotNull(One.Living.Like(here, 1));
        Assert.True(await One.Living.CloseAsync(here, "test", CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_leads_no_more_closes_nothing()
    {
        var room = await One.StartAsync(Anchor);
        await LetPassAsync(600);
        await One.SqlAsync<long>($"UPDATE lease SET node = {Other.Generation} WHERE name = 'anchors' RETURNING 1");
        await Assert.ThrowsAsync<IOException>(() => One.Living.CloseAsync(room, "test", One.Watch.CloseAsync, CancellationToken.None));
        await One.PassAsync(30);
        Assert.Equal(0, One.Ends);
        Assert.Equal(1, await One.SqlAsync<long>("SELECT count(*) FROM living_room"));
    }

    private async Task BothPassAsync(int seconds)
    {
        await Other.PassAsync(seconds);
        await One.PassAsync(seconds);
        await Other.PassAsync(1);
    }

    /// <summary>In the database: anchors that are somewhere were noted so much longer ago, and the leader has led for longer.</summary>
    private async Task LetPassAsync(int seconds) => await One.SqlAsync<long>(
        $"""
        WITH led AS (UPDATE lease SET since = since - interval '{seconds} s' WHERE name = 'anchors')
        UPDATE living_room SET anchor_seen = anchor_seen - interval '{seconds} s' RETURNING 1
        """);

    /// <summary>Nobody has renewed the lead for so long.</summary>
    private async Task DieAsync(int seconds) => await One.SqlAsync<long>($"UPDATE lease SET until = until - interval '{seconds} s' WHERE name = 'anchors' RETURNING 1");
}
