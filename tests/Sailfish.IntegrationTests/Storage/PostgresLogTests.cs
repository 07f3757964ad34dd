using Npgsql;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What the log on PostgreSQL promises beside what every log does: to several nodes, and of its transactions.</summary>
public sealed class PostgresLogTests : IAsyncLifetime
{
    private const long App = StoreConformance.App;
    private const long Ann = StoreConformance.Ann;
    private const long Bob = StoreConformance.Bob;
    private static readonly ConversationKey Direct = ConversationKey.Direct(App, Ann, Bob);
    private static readonly ConversationKey Room = ConversationKey.Room(App, 7);

    private readonly Completions _completions = new();
    private string _name = "";
    private string _connectionString = "";
    private PostgresParts? _parts;

    private PostgresParts Parts => _parts!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        _connectionString = (await SharedPostgres.ServerAsync()).ConnectionString(_name);
        _parts = await PostgresParts.StartAsync(_connectionString, _completions);
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task Nodes_that_store_the_same_keys_at_the_same_time_store_each_once_and_leave_no_gap()
    {
        const int Nodes = 3;
        const int Keys = 1500;
        const int Conversations = 25;
        await using var second = await PostgresParts.StartAsync(_connectionString, new Completions());
        await using var third = await PostgresParts.StartAsync(_connectionString, new Completions());
        var nodes = new[] { Parts, second, third };
        var told = await Task.WhenAll(Enumerable.Range(0, Nodes).Select(node => Task.Run(async () =>
        {
            // Each node in an order of its own: each conversation is made by whoever comes first.
            Submission[] messages = [.. Enumerable.Range(0, Keys).Select(key => TestMessage.Of(ConversationOf(key), Ann, $"{key}", $"{node}"))];
            Random.Shared.Shuffle(messages);
            foreach (var message in messages)
                await nodes[node].Log.AppendAsync(message, CancellationToken.None);
            foreach (var message in messages)
                await message.WhenToldAsync();
            return messages;
        })));
        foreach (var same in told.SelectMany(messages => messages).GroupBy(m => m.ClientMsgId))
        {
            Assert.DoesNotContain(same, m => m.Failure is not null);
            Assert.Single(same, m => !m.IsDuplicate);
            Assert.Single(same.Select(m => (m.Stored!.MsgId, m.Stored.Data)).Distinct());
        }

        Assert.Equal(Keys, await Parts.SqlAsync<int>("SELECT count(*) FROM message"));
        Assert.Equal(Conversations, await Parts.SqlAsync<int>("SELECT count(*) FROM conversation c WHERE last_seq = (SELECT count(*) FROM message m WHERE m.conversation_id = c.id AND m.seq <= c.last_seq)"));

        static ConversationKey ConversationOf(int key) => key % Conversations is var n && n % 2 == 0 ? ConversationKey.Room(App, 100 + n) : ConversationKey.Direct(App, Ann, 20_000 + n);
    }

    [Fact]
    public async Task Nodes_that_write_to_the_same_conversations_share_their_seqs()
    {
        const int Each = 3000;
        await using var second = await PostgresParts.StartAsync(_connectionString, new Completions());
        await using var third = await PostgresParts.StartAsync(_connectionString, new Completions());
        await Task.WhenAll(new[] { Parts, second, third }.Select(node => Task.Run(async () =>
        {
            Submission[] messages = [.. Enumerable.Range(0, Each).Select(i => TestMessage.Of(i % 3 == 0 ? Room : Direct, i % 2 == 0 ? Ann : Bob))];
            foreach (var message in messages)
                await node.Log.AppendAsync(message, CancellationToken.None);
            foreach (var message in messages)
                await message.WhenToldAsync();
            Assert.DoesNotContain(messages, m => m.Stored is null);
            // Told in the order of the seqs.
            Assert.All(messages.GroupBy(m => m.Conversation), own => Assert.Equal(own.Select(m => m.Stored!.Seq).Order(), own.Select(m => m.Stored!.Seq)));
        })));
        Assert.Equal(Each, await Parts.History.NewestSeqAsync(Room, CancellationToken.None));
        Assert.Equal(2 * Each, await Parts.History.NewestSeqAsync(Direct, CancellationToken.None));
        Assert.Equal("3000 3000", await Parts.SqlAsync<string>("SELECT count(*) || ' ' || max(seq) FROM message WHERE conversation_id = (SELECT id FROM conversation WHERE kind = 1)"));
    }

    [Fact]
    public async Task Without_a_lease_nothing_is_stored_until_there_is_one_again()
    {
        await Parts.SqlAsync<int>($"UPDATE node SET lease_until = '-infinity' WHERE generation = {Parts.Lease.Generation} RETURNING 1");
        var message = TestMessage.Of(Room, Ann);
        await Parts.Log.AppendAsync(message, CancellationToken.None);
        await Wait.UntilAsync(() => !Parts.Lease.IsValid, "the log to find out");
        Assert.Equal(0, await Parts.SqlAsync<int>("SELECT count(*) FROM message"));
        Assert.False(message.Done!.Task.IsCompleted);
        await Parts.SqlAsync<int>($"UPDATE node SET lease_until = 'infinity' WHERE generation = {Parts.Lease.Generation} RETURNING 1");
        Parts.Lease.Extend(long.MaxValue);
        await message.WhenToldAsync();
        Assert.Equal((1, false), (message.Stored!.Seq, message.IsDuplicate));
    }

    [Fact]
    public async Task A_node_is_not_given_up_while_it_stores()
    {
        await AppendAsync(TestMessage.Of(Direct, Ann));
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.Command("SELECT * FROM unread FOR UPDATE").ExecuteNonQueryAsync();
        var message = TestMessage.Of(Direct, Ann);
        await Parts.Log.AppendAsync(message, CancellationToken.None);
        await WaitForWaitingAsync();
        await using var reaper = await OpenAsync();
        await reaper.Command("SET lock_timeout = 100").ExecuteNonQueryAsync();
        var delete = $"DELETE FROM node WHERE generation = {Parts.Lease.Generation}";
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, (await Assert.ThrowsAsync<PostgresException>(() => reaper.Command(delete).ExecuteNonQueryAsync())).SqlState);
        // A renewal goes on.
        Assert.Equal(1, await reaper.Command($"UPDATE node SET lease_until = 'infinity' WHERE generation = {Parts.Lease.Generation}").ExecuteNonQueryAsync());
        await transaction.RollbackAsync();
        await message.WhenToldAsync();
        Assert.Equal(2, message.Stored!.Seq);
        Assert.Equal(1, await reaper.Command(delete).ExecuteNonQueryAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stored_message_says_on_which_nodes_its_receivers_are(bool appendsOneAlone)
    {
        await using var parts = await PostgresParts.StartAsync(_connectionString, new Completions(), appendsOneAlone: appendsOneAlone);
        await SessionsAsync((Ann, 3), (Bob, 4), (Bob, 3), (Bob, 3), (StoreConformance.Carol, 9));
        await Parts.SqlAsync<int>($"INSERT INTO room_node (app_id, room_id, node) VALUES ({App}, 7, 5), ({App}, 7, 6), ({App}, 8, 9), (2, 7, 9) RETURNING 1");
        Assert.Equal([3, 4], (await AppendAsync(parts, TestMessage.Of(Direct, Ann, "a"))).Nodes!.Order());
        Assert.Equal([5, 6], (await AppendAsync(parts, TestMessage.Of(Room, Ann))).Nodes!.Order());
        Assert.Empty((await AppendAsync(parts, TestMessage.Of(ConversationKey.Room(App, 99), Ann))).Nodes!);
        Assert.Null((await AppendAsync(parts, TestMessage.Of(Direct, Ann, "a"))).Nodes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task How_an_append_is_done_is_decided_once(int together)
    {
        var keys = 0L;
        await using var connection = Parts.Database.NewLogConnection();
        await using var append = await AppendConnection.OpenAsync(connection);
        for (var i = 0; i < 20; i++)
        {
            var batch = new AppendBatch();
            for (var n = 0; n < together; n++)
                batch.Add(new WaitingAppend(TestMessage.Of(n == 0 ? Direct : Room, Ann), since: 0));
            batch.MakeKeys(Parts.Lease.Generation, ref keys);
            Assert.Equal(AppendOutcome.Stored, (await append.RunAsync(batch, Parts.Lease.Generation)).Outcome);
        }

        await using var plans = connection.Command("SELECT sum(generic_plans)::int, sum(custom_plans)::int FROM pg_prepared_statements");
        await using var row = await plans.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        // Five statements, twenty times.
        Assert.Equal((100, 0), (row.GetInt32(0), row.GetInt32(1)));
    }

    [Fact]
    public async Task Who_comes_while_a_message_is_stored_is_among_those_whom_it_is_for()
    {
        await AppendAsync(TestMessage.Of(Direct, Ann));
        await using var other = await OpenAsync();
        var transaction = await other.BeginTransactionAsync();
        await other.Command("SELECT * FROM unread FOR UPDATE").ExecuteNonQueryAsync();
        var message = TestMessage.Of(Direct, Ann);
        await Parts.Log.AppendAsync(message, CancellationToken.None);
        await WaitForWaitingAsync();
        await SessionsAsync((Bob, 4));
        Assert.Equal(1, await Parts.History.NewestSeqAsync(Direct, CancellationToken.None));
        await transaction.RollbackAsync();
        await message.WhenToldAsync();
        Assert.Equal([4], message.Nodes!);
    }

    [Fact]
    public async Task What_is_stored_with_an_end_is_stored_with_it_or_not_at_all()
    {
        await Parts.SqlAsync<int>("CREATE TABLE ended (id int PRIMARY KEY); SELECT 1");
        await AppendAsync(TestMessage.Of(Room, Ann));
        var end = await EndAsync(Room, 1);
        Assert.Equal((2, 1), (end.Stored!.Seq, await Parts.SqlAsync<int>("SELECT count(*) FROM ended")));
        Assert.True((await AppendAsync(TestMessage.Of(Room, Ann))).IsTooLate);

        var other = ConversationKey.Room(App, 8);
        var failed = await EndAsync(other, 1);
        Assert.NotNull(failed.Failure);
        Assert.Null(failed.Stored);
        Assert.Equal(1, (await AppendAsync(TestMessage.Of(other, Ann))).Stored!.Seq);
        Assert.Equal(2, (await EndAsync(other, 2)).Stored!.Seq);
        Assert.Equal(2, await Parts.SqlAsync<int>("SELECT count(*) FROM ended"));
    }

    [Fact]
    public async Task A_message_in_the_way_of_somebody_else_waits_for_it()
    {
        await AppendAsync(TestMessage.Of(Room, Ann));
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.Command("SELECT * FROM conversation FOR UPDATE").ExecuteNonQueryAsync();
        var message = TestMessage.Of(Room, Ann);
        await Parts.Log.AppendAsync(message, CancellationToken.None);
        // The server gives it up after 3 s, and it is tried again.
        await Wait.UntilAsync(async () => await Parts.SqlAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query_start < clock_timestamp() - interval '2 s'") > 0, "the first try");
        await Wait.UntilAsync(async () => await Parts.SqlAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query_start > clock_timestamp() - interval '1 s'") > 0, "another try");
        await transaction.RollbackAsync();
        await message.WhenToldAsync();
        Assert.Equal(2, message.Stored!.Seq);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private Task<Submission> AppendAsync(Submission message) => AppendAsync(Parts, message);

    private static async Task<Submission> AppendAsync(PostgresParts parts, Submission message)
    {
        await parts.Log.AppendAsync(message, CancellationToken.None);
        await message.WhenToldAsync();
        return message;
    }

    private async Task<Submission> EndAsync(ConversationKey room, int id)
    {
        var end = TestMessage.Of(room, Ann, closes: true);
        await Parts.Log.AppendAsync(end, batch => batch.Add("INSERT INTO ended (id) VALUES ($1)", id));
        await end.WhenToldAsync();
        return end;
    }

    private Task<int> SessionsAsync(params (long User, long Node)[] sessions) => Parts.SqlAsync<int>(
        "INSERT INTO session (app_id, user_id, connection_id, node, since) VALUES "
        + string.Join(", ", sessions.Select((s, i) => $"({App}, {s.User}, {100 + i}, {s.Node}, 1)")) + " RETURNING 1");

    /// <summary>Until the log waits for a lock that somebody holds.</summary>
    private Task WaitForWaitingAsync() => Wait.UntilAsync(
        async () => await Parts.SqlAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0, "the log to wait");
}
