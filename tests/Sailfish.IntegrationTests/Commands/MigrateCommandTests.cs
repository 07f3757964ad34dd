using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Hosting;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Commands;

/// <summary>A move is whole, or there is none; what it does not do, it says.</summary>
public sealed class MigrateCommandTests : IAsyncLifetime
{
    /// <summary>Holds whoever stores an account, until the lock is free.</summary>
    private const string Hold =
        """
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN new; END $$;
        CREATE TRIGGER hold BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION hold();
        """;

    private readonly TemporaryDirectory _folder = new();
    private PostgresServer _postgres = null!;
    private string _database = "";

    private string ConnectionString => _postgres.ConnectionString(_database);

    public async ValueTask InitializeAsync()
    {
        _postgres = await SharedPostgres.ServerAsync();
        _database = await SharedPostgres.NewDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DropDatabaseAsync(_database);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_source_that_runs_is_refused_and_a_target_that_is_filled_is()
    {
        await using (var server = await ServerProcess.StartAsync(_folder.Path, []))
        {
            await AssertRefusedAsync($"is in use by another server (process {server.ProcessId}). Stop it first");
            await server.StopAsync();
        }

        await MoveAsync();
        await AssertRefusedAsync("is not empty: its table media_secret has rows");
        await SqlAsync("DELETE FROM media_secret; DELETE FROM cookie_key; DELETE FROM app; INSERT INTO room_restriction VALUES (1, 2, 3, 'muted', 4)");
        await AssertRefusedAsync("its table room_restriction has rows");
    }

    [Fact]
    public async Task A_killed_servers_folder_is_moved_with_what_is_in_the_WAL()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        await using (var ann = await TestClient.LogInAsync(server, 10001))
            await ann.ChatAndReceiptAsync(10002, "just said");
        await server.KillAsync();
        Assert.True(new FileInfo(Path.Combine(_folder.Path, "sailfish.db-wal")).Length > 0);
        await MoveAsync();
        Assert.Equal("1", await SqlAsync("SELECT count(*) FROM message WHERE data LIKE '%just said%'"));
    }

    [Fact]
    public async Task A_cluster_that_runs_is_refused_as_a_target()
    {
        MakeSource();
        await SqlAsync("INSERT INTO node (name, version, lease_until) VALUES ('one', '1.0', clock_timestamp())");
        await AssertRefusedAsync("is a running cluster's");
    }

    [Fact]
    public async Task A_node_that_starts_meanwhile_waits_and_finds_what_was_moved()
    {
        MakeSource();
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        var secret = server.TokenSecret;
        await server.StopAsync();
        await SqlAsync(Hold);
        await using var holder = await HoldAsync(ConnectionString);
        var move = RunAsync();
        await Wait.UntilAsync(async () => await WaitingAsync() == "1", "the move to be held");
        var starting = ServerProcess.StartAsync($"Cluster:Database={ConnectionString}");
        await Wait.UntilAsync(async () => await WaitingAsync() == "2", "the node to wait");
        await holder.DisposeAsync();
        Assert.Equal(0, (await move).ExitCode);
        await using var node = await starting;
        Assert.Equal(secret, node.TokenSecret);
    }

    [Fact]
    public async Task A_target_that_dies_half_way_has_nothing_and_the_move_can_be_made_again()
    {
        MakeSource();
        await using var postgres = await PostgresServer.StartAsync(fsync: false);
        await postgres.CreateDatabaseAsync("target");
        var target = postgres.ConnectionString("target");
        await using (var connection = new NpgsqlConnection(target + ";Pooling=false"))
            PostgresMigrations.Run(connection, "sailfish", NullLogger.Instance);
        await postgres.SqlAsync(Hold, "target");
        await using (await HoldAsync(target))
        {
            var move = RunAsync(target);
            await Wait.UntilAsync(async () => await postgres.SqlAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "target") == "1", "the move to be held");
            await postgres.KillAsync();
            AssertOneLine(await move, "has nothing of what was to be moved");
        }

        await postgres.StartAgainAsync();
        Assert.Equal("0|0", await postgres.SqlAsync("SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM conversation)", "target"));
        Assert.Equal(0, (await RunAsync(target)).ExitCode);
        Assert.Equal("3|2", await postgres.SqlAsync("SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM conversation)", "target"));
    }

    [Fact]
    public async Task When_the_last_answer_is_lost_it_is_not_known_and_another_try_tells()
    {
        MakeSource();
        await using var proxy = new PostgresProxy(_postgres.Port);
        await SqlAsync(Hold);
        var holder = await HoldAsync(ConnectionString);
        var move = RunAsync(_postgres.ConnectionString(_database, proxy.Port));
        await Wait.UntilAsync(async () => await WaitingAsync() == "1", "the move to be held");
        // From here on: the driver has its own before.
        proxy.LoseAnswerTo("COMMIT");
        await holder.DisposeAsync();
        AssertOneLine(await move, "It is not known whether all was moved or nothing");
        Assert.Equal(1, proxy.Lost);
        await AssertRefusedAsync("is not empty");
    }

    [Theory]
    [InlineData("BEFORE INSERT ON message FOR EACH ROW WHEN (new.seq = 2)", "The table message has 3 rows in the source, and 2 in the target.")]
    [InlineData("BEFORE INSERT ON position FOR EACH ROW", "The table position has 1 rows in the source, and 0 in the target.")]
    public async Task A_row_that_is_not_there_afterwards_undoes_the_move(string when, string named)
    {
        MakeSource();
        await SqlAsync($"CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER swallow {when} EXECUTE FUNCTION swallow()");
        await AssertRefusedAsync(named);
        Assert.Equal("0", await SqlAsync("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task A_conversation_that_is_another_afterwards_undoes_the_move()
    {
        MakeSource();
        await SqlAsync(
            """
            CREATE FUNCTION lower() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.last_seq := 1; RETURN new; END $$;
            CREATE TRIGGER lower BEFORE INSERT ON conversation FOR EACH ROW WHEN (new.id = 1) EXECUTE FUNCTION lower();
            """);
        await AssertRefusedAsync("Source: number 1, last seq 2, 2 messages up to seq 2. Target: number 1, last seq 1, 2 messages");
        Assert.Equal("0", await SqlAsync("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused_and_left_as_it_is()
    {
        MakeSource();
        Sqlite("DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)");
        await AssertRefusedAsync("Start the server once with this version, stop it, and migrate then.");
        Sqlite("INSERT INTO migration VALUES (9000)");
        await AssertRefusedAsync("was written by a newer version");
        Assert.Equal("0", await SqlAsync("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task A_hundred_thousand_messages_are_moved_and_rows_of_another_kind_among_them()
    {
        const int Messages = 100_000;
        MakeSource();
        Sqlite(
            $"""
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Messages})
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            SELECT 2, n + 1, 1, 10001 + n % 100, CASE n % 2 WHEN 0 THEN 'key ' || n END, 5555, 'message ' || n, 1700000000000 + n FROM number;
            UPDATE conversation SET last_seq = {Messages} + 1 WHERE id = 2;
            -- A clock that was ahead, and one that was not set; what PostgreSQL does not hold.
            UPDATE message SET created_at = 99999999999999 WHERE conversation_id = 2 AND seq = 5;
            UPDATE message SET created_at = -5 WHERE conversation_id = 2 AND seq = 6;
            UPDATE message SET data = 'a' || char(0) || 'b' WHERE conversation_id = 2 AND seq = 7;
            UPDATE message SET client_msg_id = 'x' || char(0) WHERE conversation_id = 2 AND seq = 9;
            """);
        var output = await MoveAsync();
        Assert.Contains("Both sides have the same 100,003 messages in 2 conversations", output);
        Assert.Contains("Texts with U+0000, which PostgreSQL does not hold, and U+FFFD in its place now: 1.", output);
        Assert.Equal($"{Messages + 1}|{Messages + 1}|{Messages + 1}", await SqlAsync("SELECT count(*), max(seq), count(DISTINCT (client_msg_id, sender_id)) FROM message WHERE conversation_id = 2"));
        // The first one of the room has no key either.
        Assert.Equal($"{(Messages / 2) + 2}", await SqlAsync("SELECT count(*) FROM message WHERE conversation_id = 2 AND client_msg_id ~ '^\\u000100000000-[0-9a-f]{10}$'"));
        Assert.Equal("a\uFFFDb", await SqlAsync("SELECT data FROM message WHERE conversation_id = 2 AND seq = 7"));
        Assert.Equal("5 6", await SqlAsync("SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM message WHERE stored_at <> to_timestamp(created_at / 1000.0)"));
        Assert.Equal("0", await SqlAsync("SELECT count(*) FROM message WHERE stored_at > now()"));
        Assert.Equal("10002|2", await SqlAsync("SELECT user_id, last_seq FROM unread"));
        Assert.Equal("1000001", await SqlAsync("SELECT string_agg(room_id::text, ' ' ORDER BY room_id) FROM used_room"));
        // Behind what was given: rows of conversations, starts, eras of events (a start's number is 256 of theirs).
        Assert.Equal("3|2|513", await SqlAsync("SELECT nextval(pg_get_serial_sequence('conversation', 'id')), nextval('node_generation'), nextval('era_number')"));
    }

    [Fact]
    public async Task Apps_of_settings_and_pictures_that_are_missing_are_said()
    {
        MakeSource();
        Sqlite("UPDATE account SET avatar = '100001-0123456789abcdef.png'");
        File.WriteAllText(Path.Combine(_folder.Path, "secrets.json"), $$"""{"apps":[{"appId":5,"name":"old","tokenSecret":"{{StartErrors.GoodSecret}}","apiKey":"{{StartErrors.GoodSecret}}"}]}""");
        var (exit, output, _) = await RunAsync(
            null, "--Sailfish:Apps:0:AppId=5", $"--Sailfish:Apps:0:TokenSecret={StartErrors.GoodSecret}", $"--Sailfish:Apps:0:ApiKey={StartErrors.GoodSecret}");
        Assert.Equal(0, exit);
        Assert.Contains("The apps stand in settings", output);
        Assert.Contains("Pictures that accounts name and the folder has not, before as now: 1.", output);
        Assert.Equal("0|0", await SqlAsync("SELECT (SELECT count(*) FROM app), (SELECT count(*) FROM avatar)"));
    }

    [Fact]
    public async Task What_is_missing_or_broken_is_said_and_nothing_is_made()
    {
        AssertOneLine(await ServerProcess.RunProgramAsync(_folder.Path, "migrate", "--data", "nowhere", "--database", ConnectionString), "There is no database in");
        AssertOneLine(await ServerProcess.RunProgramAsync(_folder.Path, "migrate", "--data", "nowhere"), "The database to move to is missing");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        File.WriteAllText(Path.Combine(_folder.Path, "sailfish.db"), "no database at all, but long enough to be read as the head of one: " + new string('x', 4096));
        await AssertRefusedAsync("cannot be opened");
        File.Delete(Path.Combine(_folder.Path, "sailfish.db"));
        MakeSource();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "keys")).FullName, "key-1.xml"), "<key");
        await AssertRefusedAsync("key-1.xml is not readable XML");
        Assert.Equal("0", await SqlAsync("SELECT count(*) FROM message"));
    }

    [Theory]
    [InlineData("Database=nowhere", "nowhere")]
    [InlineData("Port=1", "refused")]
    [InlineData("Colour=red", "Npgsql")]
    public async Task A_database_that_cannot_be_used_is_named_without_its_password(string wrong, string named)
    {
        MakeSource();
        var result = await RunAsync($"{ConnectionString};Password=a-secret;{wrong}");
        AssertOneLine(result, named);
        Assert.DoesNotContain("a-secret", result.Output + result.Error);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Password=a-secret")]
    [InlineData("--databse=Host=127.0.0.1;Password=a-secret")]
    [InlineData("--data", "x", "Password=a-secret")]
    public async Task An_argument_that_is_not_understood_is_named_without_its_password(params string[] arguments)
    {
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, ["migrate", .. arguments]);
        StartErrors.AssertOneLine((exit, error), "is not understood");
        Assert.DoesNotContain("a-secret", output + error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>As a first start makes it, with an account, a conversation and a room.</summary>
    private void MakeSource()
    {
        var server = Options.Create(new ServerOptions { DataDir = _folder.Path });
        Assert.Equal(1, new SqliteDatabase(server, Options.Create(new StorageOptions()), NullLogger<SqliteDatabase>.Instance).Generation);
        SqliteConnection.ClearAllPools();
        Sqlite(
            """
            INSERT INTO conversation (app_id, kind, low, high, last_seq, seq_for_high) VALUES (1, 0, 10001, 10002, 2, 2), (1, 1, 1000001, 0, 1, 0);
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            VALUES (1, 1, 1, 10001, 'a', 5555, 'one', 1), (1, 2, 1, 10001, 'b', 5555, 'two', 2), (2, 1, 1, 10001, NULL, 5555, 'three', 3);
            INSERT INTO unread VALUES (1, 10002, 1);
            INSERT INTO position VALUES (10002, 1, 1);
            INSERT INTO account (id, name, name_key, password_hash, nick_name, created_at) VALUES (100001, 'Ann', 'ann', 'hash', 'Ann', 1);
            """);
    }

    private void Sqlite(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteDatabase.FileName)};Pooling=False");
        connection.Execute(sql);
    }

    private Task<string> SqlAsync(string sql) => _postgres.SqlAsync(sql, _database);

    /// <summary>How many wait for a lock of their own in the target.</summary>
    private Task<string> WaitingAsync() =>
        SqlAsync("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted");

    private static async Task<NpgsqlConnection> HoldAsync(string target)
    {
        var connection = new NpgsqlConnection(target + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(42)", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string? target = null, params string[] settings) =>
        ServerProcess.RunProgramAsync(Path.GetTempPath(), ["migrate", "--data", _folder.Path, "--database", target ?? ConnectionString, .. settings]);

    private async Task<string> MoveAsync()
    {
        var (exit, output, error) = await RunAsync();
        Assert.Equal((0, ""), (exit, error));
        return output;
    }

    private async Task AssertRefusedAsync(string named) => AssertOneLine(await RunAsync(), named);

    private static void AssertOneLine((int ExitCode, string Output, string Error) result, string named)
    {
        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Sailfish cannot migrate. ", line);
        Assert.Contains(named, line);
    }
}
