using Microsoft.Data.Sqlite;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.Server.Conversations;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A database of any older version becomes one of this, with all that is in it.</summary>
public sealed class MigrationTests : IDisposable
{
    private const long Ann = 10001;
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, Ann, 10002);
    private static readonly ConversationKey Room = ConversationKey.Room(1, 7);
    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<long> OlderVersions => [.. Schema.Migrations.Select(m => m.Number).SkipLast(1)];

    private string DatabasePath => Path.Combine(_folder.Path, SqliteDatabase.FileName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(OlderVersions))]
    public async Task Keys_of_an_older_version_hold_on_within_their_conversations(long version)
    {
        Make(version);
        for (var start = 1; start <= 2; start++)
        {
            using var parts = new LogParts(folder: _folder.Path);
            Assert.Equal(start, parts.Database.Generation);
            Assert.Equal("message_key message_seq", parts.Sql<string>("SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'message' ORDER BY name)"));
            await parts.Writer.StartAsync(CancellationToken.None);
            Assert.Equal((1, true), await AppendAsync(parts, Direct, "a"));
            Assert.Equal((3, true), await AppendAsync(parts, Room, "b"));
            // Of the other conversation: before, it was no message of this one.
            Assert.Equal((4, start > 1), await AppendAsync(parts, Direct, "b"));
            Assert.Equal((6, start > 1), await AppendAsync(parts, Room, "a"));
            await parts.Writer.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_file_of_a_large_database_does_not_grow_by_it()
    {
        const int Messages = 100_000;
        Make(10);
        Run(
            $"""
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Messages})
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            SELECT 2, 5 + n, 1, 10001 + n % 100, printf('%032d', n), 5555, 'x', 1 FROM number;
            UPDATE conversation SET last_seq = {Messages} + 5 WHERE id = 2;
            """);
        var pages = Pages();
        using var parts = new LogParts(folder: _folder.Path);
        Assert.InRange(parts.Sql<long>("PRAGMA page_count"), 1, pages + 4);
        await parts.Writer.StartAsync(CancellationToken.None);
        Assert.Equal((5 + Messages, true), await AppendAsync(parts, Room, $"{Messages:D32}", Ann + (Messages % 100)));
        Assert.Equal((6 + Messages, false), await AppendAsync(parts, Room, "new"));
        await parts.Writer.StopAsync(CancellationToken.None);
    }

    private static async Task<(long Seq, bool IsDuplicate)> AppendAsync(LogParts parts, ConversationKey conversation, string id, long sender = Ann)
    {
        var message = TestMessage.Of(conversation, sender, id);
        await parts.Log.AppendAsync(message, CancellationToken.None);
        await message.WhenToldAsync();
        return (message.Stored!.Seq, message.IsDuplicate);
    }

    /// <summary>A database as a server of that version left it, with a conversation of each kind.</summary>
    private void Make(long version)
    {
        Run("PRAGMA journal_mode = WAL; CREATE TABLE migration (number INTEGER PRIMARY KEY);");
        foreach (var (number, sql) in Schema.Migrations.Where(m => m.Number <= version))
            Run($"BEGIN; {sql} INSERT INTO migration VALUES ({number}); COMMIT;");
        Run(
            """
            INSERT INTO conversation (id, app_id, kind, low, high, last_seq) VALUES (1, 1, 0, 10001, 10002, 3), (2, 1, 1, 7, 0, 5);
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at) VALUES
              (1, 1, 1, 10001, 'a', 5555, '{}', 1), (1, 2, 1, 10002, 'a', 5555, '{}', 1), (1, 3, 1, 10001, NULL, 5555, '{}', 1),
              (2, 1, 1, 10002, 'b', 5555, '{}', 1), (2, 2, 1, 10001, NULL, 5555, '{}', 1), (2, 3, 1, 10001, 'b', 5555, '{}', 1),
              (2, 4, 1, 10003, 'a', 5555, '{}', 1), (2, 5, 1, 10003, 'b', 5555, '{}', 1);
            """);
    }

    private long Pages() => Run("PRAGMA page_count", command => (long)command.ExecuteScalar()!);

    private void Run(string sql) => Run(sql, command => command.ExecuteNonQuery());

    private T Run<T>(string sql, Func<SqliteCommand, T> run)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        // There are no accounts whose names would be looked at.
        connection.CreateFunction("sailfish_name_key", (string name) => name);
        connection.CreateFunction("sailfish_looks", (string name) => name);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return run(command);
    }
}
