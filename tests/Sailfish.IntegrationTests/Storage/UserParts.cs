using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Delivery;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Sqlite;
using SQLitePCL;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>The log and what reads it for user 10002 of app 1, with conversations that are made directly.</summary>
internal sealed class UserParts(StorageOptions? storage = null) : IDisposable
{
    private const long Bob = 10002;
    private readonly LogParts _parts = new(storage);
    private long _steps;

    public SqliteMessageHistory History => _parts.History;

    public AckSaver Saver => _parts.Saver;

    public Retention Retention => _parts.Retention;

    public Task StartAsync() => _parts.Writer.StartAsync(CancellationToken.None);

    public void Sql(string sql) => _parts.Sql(sql);

    public T Sql<T>(string sql) => _parts.Sql<T>(sql);

    /// <summary>One message each, from somebody else each.</summary>
    public void AddConversations(int count, bool acked) => Sql(Conversations(1, count, acked));

    public static void AddConversations(ServerProcess server, int count) => server.Sql(Conversations(server.AppId, count, acked: false));

    /// <summary>One message from the other, the user's own behind it, and perhaps one more from the other.</summary>
    public void AddOwnMessages(int count, bool andOne = false) => Sql(
        $$"""
        INSERT INTO conversation (app_id, kind, low, high, last_seq, seq_for_high) VALUES (1, 0, 10001, {{Bob}}, {{count + 2}}, {{(andOne ? count + 2 : 1)}});
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n <= {{count + (andOne ? 1 : 0)}})
        INSERT INTO message (conversation_id, seq, app_id, sender_id, biz_code, data, created_at)
        SELECT (SELECT id FROM conversation WHERE low = 10001), n, 1, CASE WHEN n IN (1, {{count + 2}}) THEN 10001 ELSE {{Bob}} END, 5555, '{}', unixepoch() * 1000 FROM number;
        INSERT INTO unread SELECT 1, {{Bob}}, id FROM conversation WHERE low = 10001;
        """);

    /// <summary>A SYNC without <c>after</c>; how many messages it brings.</summary>
    public async Task<int> SyncAsync(int limit = 400)
    {
        var page = new SyncPage(limit);
        await new SyncService(History, _parts.Acks, Saver).ReadUnackedAsync(1, Bob, page);
        return limit - page.CountLeft;
    }

    /// <summary>Steps of SQLite's machine that a SYNC takes: rows and index entries that are looked at, and what is done with them.</summary>
    public async Task<long> StepsOfSyncAsync(int expected) => await StepsAsync(async () => Assert.Equal(expected, await SyncAsync()));

    public async Task<long> StepsAsync(Func<Task> action)
    {
        // The connections of the pool keep what is told them here; a new one would not know it.
        using (var connection = _parts.Database.OpenReader())
        {
            raw.sqlite3_progress_handler(connection.Handle, 1, _ => { _steps++; return 0; }, null);
        }

        _steps = 0;
        await action();
        return _steps;
    }

    public void Dispose() => _parts.Dispose();

    private static string Conversations(long appId, int count, bool acked) =>
        $$"""
        CREATE TEMP TABLE made AS
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {{count}})
        SELECT n + (SELECT coalesce(max(id), 0) FROM conversation) AS id FROM number;
        INSERT INTO conversation (id, app_id, kind, low, high, last_seq, seq_for_low) SELECT id, {{appId}}, 0, {{Bob}}, 100000 + id, 1, 1 FROM made;
        INSERT INTO message (conversation_id, seq, app_id, sender_id, biz_code, data, created_at)
        SELECT id, 1, {{appId}}, 100000 + id, 5555, '{}', unixepoch() * 1000 FROM made;
        INSERT INTO {{(acked ? $"position SELECT {Bob}, id, 1" : $"unread SELECT {appId}, {Bob}, id")}} FROM made;
        DROP TABLE made;
        """;
}
