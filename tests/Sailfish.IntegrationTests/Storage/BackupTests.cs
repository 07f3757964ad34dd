using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Storage;

public sealed class BackupTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_backup_beside_a_server_that_stores_messages_ends_and_has_all_that_was_receipted_before_it()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0");
        // 171 MB that were there before.
        server.Sql(
            """
            INSERT INTO conversation (app_id, kind, low, high, last_seq) VALUES (10001, 1, 999, 0, 3000);
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 3000)
            INSERT INTO message (conversation_id, seq, app_id, sender_id, biz_code, data, created_at)
            SELECT (SELECT id FROM conversation WHERE low = 999), n, 10001, 10009, 5555, '{"content":"' || hex(randomblob(28500)) || '"}', unixepoch() * 1000 FROM number;
            """);
        await using var ann = await TestClient.LogInAsync(server, 10001);
        for (var i = 1; i <= 50; i++)
            await ann.ChatAndReceiptAsync(10002, $"{i}");

        using var done = new CancellationTokenSource();
        var sending = SendAsync(ann, done.Token);
        var target = Path.Combine(server.DataDir, "backup.db");
        await DatabaseBackup.WriteAsync(Path.Combine(server.DataDir, "sailfish.db"), target).WaitAsync(Limit);
        await done.CancelAsync();
        var sent = await sending;

        Assert.True(sent > 50, $"Only {sent - 50} messages were stored meanwhile.");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.Equal([target], Directory.GetFiles(server.DataDir, "backup.db*"));
        await using var restored = await RestoreAsync(server, target);
        Assert.InRange((await restored.WholeHistoryAsync("d:10001:10002")).Count, 50, sent);
        Assert.Equal(3000, restored.Sql("SELECT count(*) FROM message WHERE sender_id = 10009", c => (long)c.ExecuteScalar()!));
    }

    [Fact]
    public async Task A_backup_that_fails_leaves_the_older_one_and_nothing_beside_it()
    {
        using var folder = new TemporaryDirectory();
        var target = Path.Combine(folder.Path, "backup.db");
        await File.WriteAllTextAsync(target, "older");
        await Assert.ThrowsAnyAsync<Exception>(() => DatabaseBackup.WriteAsync(Path.Combine(folder.Path, "nothing.db"), target));
        Assert.Equal([target], Directory.GetFiles(folder.Path));
        Assert.Equal("older", await File.ReadAllTextAsync(target));
    }

    /// <summary>Sends until it is told to end; returns the newest seq.</summary>
    private static async Task<long> SendAsync(TestClient client, CancellationToken end)
    {
        for (var i = 0; ; i++)
        {
            var receipt = await client.ChatAndReceiptAsync(10002, $"beside {i}");
            if (end.IsCancellationRequested)
                return receipt.Number("seq");
            // The pace: about 200 a second.
            await Pause.ForAsync(5);
        }
    }

    private static async Task<ServerProcess> RestoreAsync(ServerProcess server, string backup)
    {
        await server.StopAsync();
        var folder = Path.Combine(server.DataDir, "restored");
        Directory.CreateDirectory(folder);
        File.Copy(backup, Path.Combine(folder, "sailfish.db"));
        File.Copy(Path.Combine(server.DataDir, "secrets.json"), Path.Combine(folder, "secrets.json"));
        return await ServerProcess.StartAsync(folder, []);
    }
}
