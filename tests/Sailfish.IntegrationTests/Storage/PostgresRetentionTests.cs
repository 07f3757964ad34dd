using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What age takes from the database of several nodes, and what it means for those who had not read it.</summary>
public sealed class PostgresRetentionTests : IAsyncLifetime
{
    private const long Ann = 10_001;
    private const long Bob = 10_002;
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, Ann, Bob);

    private readonly List<PostgresParts> _nodes = [];
    private string _name = "";

    private PostgresParts Node => _nodes[0];

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        var database = (await SharedPostgres.ServerAsync()).ConnectionString(_name);
        for (var i = 0; i < 2; i++)
            _nodes.Add(await PostgresParts.StartAsync(database, new Completions()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task Old_messages_go_in_many_steps_and_young_ones_stay_wherever_they_stand()
    {
        await AddAsync(1, 600, "now()");
        await AddAsync(2, 12_000, "now() - interval '10 days'");
        await AddAsync(3, 700, "now()");
        // All at one moment, as they come of another database.
        await AddAsync(4, 7000, "'2026-01-01'", isSpread: false);
        Assert.Equal(19_000, await RunAsync());
        Assert.Equal(1300, await SqlAsync("SELECT count(*) FROM message"));
        Assert.Equal(0, await RunAsync());
        Assert.Equal(12_000, (await Node.History.FindConversationAsync(ConversationKey.Room(1, 2), CancellationToken.None))!.LastSeq);
    }

    [Fact]
    public async Task What_is_gone_waits_for_nobody_and_counts_as_acked()
    {
        var row = await FillAsync(Ann, Ann, Bob, Ann);
        await Node.Positions.SaveAsync([TestPosition.UpTo(Bob, row, 1)], CancellationToken.None);
        await AgeAsync("seq <= 3");
        Assert.Equal(3, await RunAsync());
        Assert.Equal(new UnreadConversation(row, Direct, 4, 3), Assert.Single(await UnreadAsync(Bob)));
        Assert.Empty(await UnreadAsync(Ann));
        await AgeAsync("true");
        Assert.Equal(1, await RunAsync());
        Assert.Empty(await UnreadAsync(Bob));
        Assert.Equal(4, await SqlAsync($"SELECT acked_seq FROM position WHERE user_id = {Bob}"));
        // Of who has acked nothing there is no position, and seqs go on.
        Assert.Equal(0, await SqlAsync($"SELECT count(*) FROM position WHERE user_id = {Ann}"));
        await FillAsync(Ann);
        Assert.Equal(new UnreadConversation(row, Direct, 5, 4), Assert.Single(await UnreadAsync(Bob)));
    }

    [Fact]
    public async Task Of_a_message_that_comes_while_old_ones_go_nothing_is_lost()
    {
        for (var seq = 1; seq <= 30; seq++)
        {
            await AgeAsync("true");
            await Task.WhenAll(Task.Run(() => FillAsync(Ann)), Task.Run(RunAsync)).WaitAsync(Wait.Limit);
            Assert.Equal(seq, Assert.Single(await UnreadAsync(Bob)).LastSeq);
        }
    }

    [Fact]
    public async Task For_ever_is_for_ever()
    {
        await AddAsync(1, 10, "now() - interval '9000 days'");
        Assert.Equal(0, await RunAsync(days: 0));
    }

    [Fact]
    public async Task One_node_at_a_time_does_it()
    {
        await AddAsync(1, 10, "now() - interval '10 days'");
        Assert.True(await Leader(1).TryLeadAsync(PostgresRetention.Lead, CancellationToken.None));
        Assert.Equal(0, await RunAsync());
        await SqlAsync("UPDATE lease SET until = clock_timestamp() RETURNING 1");
        Assert.Equal(10, await RunAsync());
    }

    [Fact]
    public async Task A_node_whose_lead_has_ended_deletes_nothing()
    {
        await AddAsync(1, 10, "now() - interval '10 days'");
        Assert.True(await Leader(1).TryLeadAsync(PostgresRetention.Lead, CancellationToken.None));
        using var misled = Retention(new Misled());
        Assert.Equal(0, await misled.RunOnceAsync(CancellationToken.None));
        Assert.Equal(10, await SqlAsync("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task Of_what_the_content_check_found_the_old_goes_and_no_more_than_so_much_stays()
    {
        await AddRecordsAsync(700, "now() - interval '10 days'");
        await AddRecordsAsync(100_300, "now()");
        await RunAsync();
        Assert.Equal(100_000, await SqlAsync("SELECT count(*) FROM risk_record"));
        Assert.Equal(101_000, await SqlAsync("SELECT max(id) FROM risk_record"));
    }

    private async Task<long> FillAsync(params long[] senders)
    {
        var row = 0L;
        foreach (var sender in senders)
        {
            var message = TestMessage.Of(Direct, sender);
            await Node.Log.AppendAsync(message, CancellationToken.None);
            await message.WhenToldAsync();
            row = message.Stored!.ConversationId;
        }

        return row;
    }

    private async Task<long> RunAsync() => await RunAsync(1);

    private async Task<long> RunAsync(int days)
    {
        using var retention = Retention(Leader(0), days);
        return await retention.RunOnceAsync(CancellationToken.None);
    }

    private PostgresLeader Leader(int node) => new(_nodes[node].Database, _nodes[node].Lease);

    private PostgresRetention Retention(ILeader leader, int days = 1) => new(
        Node.Database, leader, Node.Lease, Options.Create(new StorageOptions { RetentionDays = days }), TimeProvider.System, NullLogger<PostgresRetention>.Instance);

    private async Task AgeAsync(string which) => await SqlAsync($"WITH old AS (UPDATE message SET stored_at = now() - interval '10 days' WHERE {which}) SELECT 1");

    /// <summary>In a room.</summary>
    private async Task AddAsync(long room, int count, string storedAt, bool isSpread = true) => await SqlAsync(
        $"""
        WITH made AS (INSERT INTO conversation (app_id, kind, low, high, last_seq) VALUES (1, 1, {room}, 0, {count}) RETURNING id)
        INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at, stored_at)
        SELECT id, n, 1, 10001, n, 5555, 'x', 1, ({storedAt})::timestamptz + {(isSpread ? "n" : "0")} * interval '1 us' FROM made, generate_series(1, {count}) AS n RETURNING 1
        """);

    private async Task AddRecordsAsync(int count, string createdAt) => await SqlAsync(
        $"""
        INSERT INTO risk_record (app_id, user_id, conversation, action, word, content, created_at)
        SELECT 1, 10001, 'r:7', 'refused', 'x', 'x', extract(epoch FROM {createdAt}) * 1000 FROM generate_series(1, {count}) RETURNING 1
        """);

    private ValueTask<IReadOnlyList<UnreadConversation>> UnreadAsync(long user) => Node.History.ListUnreadAsync(1, user, 0, 10, CancellationToken.None);

    private Task<long> SqlAsync(string sql) => Node.SqlAsync<long>(sql);

    private sealed class Misled : ILeader
    {
        public ValueTask<bool> TryLeadAsync(string name, CancellationToken cancellationToken) => new(true);
    }
}
