using System.Globalization;
using System.Text.Json;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Nodes;

/// <summary>What a start of the server gives out, no other start gives.</summary>
public sealed class StartTests
{
    /// <summary>Beyond it a client in JavaScript has no whole numbers.</summary>
    private const long Exact = 1L << 53;

    [Fact]
    public async Task Connection_ids_are_higher_with_each_start_also_after_a_crash()
    {
        await using var server = await ServerProcess.StartAsync();
        List<long> ids = [];
        for (var start = 1; ; start++)
        {
            for (var i = 0; i < 3; i++)
            {
                await using var client = await TestClient.LogInAsync(server, 10001);
                ids.Add(IdOf(client));
            }

            Assert.Equal(ids.Order().Distinct(), ids);
            if (start == 3)
                break;
            await (start == 1 ? server.KillAsync() : server.StopAsync());
            await server.StartAgainAsync();
        }
    }

    [Fact]
    public async Task Ids_too_large_for_some_clients_are_told_as_text_to_the_last_digit()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        server.Sql("UPDATE node SET generation = 1000000");
        await server.StartAgainAsync();
        await using var client = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson);
        await using var other = await TestClient.LogInAsync(server, 10001);
        Assert.InRange(IdOf(client), Exact, long.MaxValue);
        var sessions = (await server.GetAsync("api/v1/users/10001/online"))["sessions"]!.AsArray();
        Assert.All(sessions, session => Assert.Equal(JsonValueKind.String, session!["connectionId"]!.GetValueKind()));
        Assert.Equal(
            new[] { client, other }.Select(c => c.LoginReply!.Text("connectionId")).Order(StringComparer.Ordinal),
            sessions.Select(session => session!["connectionId"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_restored_backup_gives_no_id_that_was_given_after_it_was_made()
    {
        await using var server = await ServerProcess.StartAsync();
        using var folder = new TemporaryDirectory();
        var backup = Path.Combine(folder.Path, "backup");
        var (exit, _, error) = await ServerProcess.RunProgramAsync(folder.Path, "backup", backup, $"--Sailfish:DataDir={server.DataDir}");
        Assert.Equal((0, ""), (exit, error));
        for (var i = 0; i < 2; i++)
        {
            await server.StopAsync();
            await server.StartAgainAsync();
        }

        await using var last = await TestClient.LogInAsync(server, 10001);
        await using var restored = await ServerProcess.StartAsync(backup, []);
        await using var first = await TestClient.LogInAsync(restored, 10001);
        Assert.True(IdOf(first) > IdOf(last));
    }

    [Fact]
    public async Task A_database_of_before_starts_were_numbered_is_backed_up_all_the_same()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        server.Sql("DROP TABLE node; DELETE FROM migration WHERE number = 12");
        var target = Path.Combine(server.DataDir, "backup.db");
        await DatabaseBackup.WriteAsync(Path.Combine(server.DataDir, SqliteDatabase.FileName), target);
        var folder = Directory.CreateDirectory(Path.Combine(server.DataDir, "restored")).FullName;
        File.Move(target, Path.Combine(folder, SqliteDatabase.FileName));
        await using var restored = await ServerProcess.StartAsync(folder, []);
        await using var client = await TestClient.LogInAsync(restored, 10001);
        Assert.InRange(IdOf(client), 1, Exact);
    }

    private static long IdOf(TestClient client)
    {
        Assert.Equal(JsonValueKind.String, client.LoginReply!.Body["connectionId"]!.GetValueKind());
        return long.Parse(client.LoginReply.Text("connectionId")!, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
