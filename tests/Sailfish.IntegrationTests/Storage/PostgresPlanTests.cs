using System.Text.Json.Nodes;
using Npgsql;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Living;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>
/// That what a statement reads grows with what is asked of it, and not with what has gathered in its tables, also where the
/// database thinks of them as they were before they grew at one place.
/// </summary>
public sealed class PostgresPlanTests : IAsyncLifetime
{
    /// <summary>Rows of a statement that is about one thing; what it must not read is a hundred times as many.</summary>
    private const long Few = 200;
    private const long User = 10001;
    private const long Node = 7;
    private const long Room = 5;
    private string _name = "";
    private NpgsqlConnection? _connection;

    private NpgsqlConnection Connection => _connection!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        _connection = new NpgsqlConnection((await SharedPostgres.ServerAsync()).ConnectionString(_name) + ";Pooling=false");
        await _connection.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_does_not_read_what_was_said_in_its_conversation(int each)
    {
        await DoAsync($"INSERT INTO conversation (app_id, kind, low, high, last_seq) SELECT 1, 0, g, g + 1, {each} FROM generate_series(20000, 50000) g");
        await DoAsync(MessagesOf("c.kind = 0", each));
        await DoAsync($"INSERT INTO conversation (app_id, kind, low, high, last_seq) VALUES (1, 1, {Room}, 0, 20000)");
        await DoAsync($"INSERT INTO node (generation, name, version, lease_until) VALUES ({Node}, '', '', 'infinity')");
        await DoAsync("ANALYZE");
        await DoAsync(MessagesOf("c.kind = 1", 20_000));
        foreach (var key in new[] { "new", "k7" })
        {
            var read = await ReadAsync(
                AppendSql.Append,
                (long[])[1], (short[])[1], (long[])[Room], (long[])[0], (long[])[User], (string[])[key], (int[])[5555], (string[])["{}"], (long[])[1], Node, 0L);
            Assert.InRange(read, 1, Few);
            Assert.InRange(await ReadAsync(AppendOneSql.Append, 1L, (short)1, Room, 0L, User, key, 5555, "{}", 1L, Node, 0L), 1, Few);
        }
    }

    [Fact]
    public async Task A_look_for_changes_and_their_removal_do_not_read_those_that_are_known()
    {
        await DoAsync("INSERT INTO change (at, kind) SELECT clock_timestamp() - g * interval '0.1 s', 1 FROM generate_series(1, 30000) g");
        await DoAsync("ANALYZE");
        var now = DateTime.UtcNow;
        Assert.InRange(await ReadAsync(ChangeReads.Rows, now - TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)), 1, Few);
        Assert.InRange(await ReadAsync(ChangeSweep.Delete, 5000), 0, Few);
    }

    [Fact]
    public async Task What_waits_for_a_user_is_read_without_his_other_conversations()
    {
        await DoAsync("INSERT INTO conversation (app_id, kind, low, high) SELECT 1, 0, g, g + 1 FROM generate_series(20000, 50000) g");
        await DoAsync("INSERT INTO unread SELECT 1, low, id, 1 FROM conversation");
        await DoAsync("INSERT INTO position SELECT low, id, 1 FROM conversation");
        await DoAsync("ANALYZE");
        await DoAsync($"INSERT INTO position SELECT {User}, id, 1 FROM conversation");
        await DoAsync($"INSERT INTO unread SELECT 1, {User}, id, 2 FROM conversation ORDER BY id DESC LIMIT 10");
        Assert.InRange(await ReadAsync(ConversationSql.Unread, 1L, User, 0L, 100L), 1, Few);
    }

    [Fact]
    public async Task A_node_with_many_rooms_counts_and_leaves_each_of_them_once()
    {
        const int Count = 1000;
        await DoAsync("INSERT INTO room_node (app_id, room_id, node) SELECT 1, g, n + 100 FROM generate_series(1, 6000) g, generate_series(1, 3) n");
        await DoAsync($"INSERT INTO node (generation, name, version, lease_until) VALUES ({Node}, '', '', 'infinity')");
        await DoAsync("ANALYZE");
        await DoAsync($"INSERT INTO room_node (app_id, room_id, node) SELECT 1, g, {Node} FROM generate_series(1, {Count}) g");
        long[] apps = [.. Enumerable.Repeat(1L, Count)], rooms = [.. Enumerable.Range(1, Count)];
        int[] viewers = [.. Enumerable.Repeat(1, Count)];
        // A few for each of them, or all of the table's once.
        const long Most = 50_000;
        Assert.InRange(await ReadAsync(RoomCountSql.Count, Node, apps, rooms, viewers, viewers), Count, Most);
        await DoAsync($"UPDATE room_node SET viewers = 1 WHERE node = {Node}");
        Assert.InRange(await ReadAsync(RoomCountSql.Empty, Node, apps, rooms), Count, Most);
        Assert.InRange(await ReadAsync(RoomCountSql.Read, Node, apps, rooms), Count, Most);
        Assert.InRange(await ReadAsync(RoomRoutesSql.Change, Node, (long[])[], (long[])[], apps, rooms, LivingRoom.FirstId), Count, Most);
        Assert.InRange(await ReadAsync(RoomRoutesSql.Change, Node, (long[])[], (long[])[], (long[])[1], (long[])[Room], LivingRoom.FirstId), 1, Few);
    }

    /// <summary>A node that has just begun has been sent many clients, and looks for what it has missed.</summary>
    [Fact]
    public async Task A_repair_looks_up_who_is_here_once_for_each_message()
    {
        const int Count = 1000;
        await DoAsync("INSERT INTO conversation (app_id, kind, low, high) SELECT 1, 0, g, g + 1 FROM generate_series(20000, 120000) g");
        await DoAsync(
            """
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at, stored_at)
            SELECT id, 1, 1, low, 'k1', 5555, '', 1, clock_timestamp() - interval '1 h' - id * interval '0.1 s' FROM conversation
            """);
        await DoAsync("INSERT INTO session SELECT 1, low, id, id % 3 + 100, NULL, NULL, 1 FROM conversation");
        await DoAsync("ANALYZE");
        await DoAsync($"INSERT INTO session SELECT 1, g, -g, {Node}, NULL, NULL, 1 FROM generate_series(20000, 20000 + {Count}) g");
        await DoAsync(
            $"""
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            SELECT id, 2, 1, low, 'k2', 5555, '', 1 FROM conversation ORDER BY id DESC LIMIT {Count}
            """);
        Assert.InRange(await ReadAsync(RepairSql.Stored, DateTime.UtcNow - TimeSpan.FromMinutes(1), Node, (short)0), Count, 50 * Count);
    }

    private static string MessagesOf(string which, int count) =>
        $"""
        INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
        SELECT c.id, s, c.app_id, {User}, 'k' || s, 5555, '', 1 FROM conversation c, generate_series(1, {count}) s WHERE {which}
        """;

    private async Task DoAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How many rows the parts of a statement had in their hands. What it writes is undone.</summary>
    private async Task<long> ReadAsync(string sql, params object[] values)
    {
        await using var transaction = await Connection.BeginTransactionAsync();
        await using var command = Connection.Command($"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", values);
        var plan = JsonNode.Parse((string)(await command.ExecuteScalarAsync())!)![0]!["Plan"]!;
        TestContext.Current.TestOutputHelper?.WriteLine(plan.ToJsonString());
        return RowsOf(plan);
    }

    private static long RowsOf(JsonNode part)
    {
        string[] counts = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck"];
        var rows = counts.Sum(count => (long)(part[count]?.GetValue<double>() ?? 0)) * (long)part["Actual Loops"]!.GetValue<double>();
        return rows + (part["Plans"]?.AsArray().Sum(inner => RowsOf(inner!)) ?? 0);
    }
}
