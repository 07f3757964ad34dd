using System.Runtime.Versioning;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Commands;

[UnsupportedOSPlatform("windows")]
public sealed class BackupCommandTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string Backup => Path.Combine(_folder.Path, "backup");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_under_traffic_ends_and_a_server_on_it_has_all_that_was_receipted_before()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0");
        using var ann = await PageClient.SignUpAsync(server);
        var picture = (await ann.UploadAsync(TestPictures.Any, "a.png")).Text("avatar");
        await using var sender = await TestClient.LogInAsync(server, 10001);
        var receipted = 0;
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(async () =>
        {
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                await sender.ChatAsync(10002, $"message {i}", $"c{i}");
                await sender.ReceiveAsync(Code.Receipt);
                Volatile.Write(ref receipted, i);
            }
        });
        await Wait.UntilAsync(() => Volatile.Read(ref receipted) > 50, "traffic");
        var before = Volatile.Read(ref receipted);
        var (exit, output, error) = await ServerProcess.RunProgramAsync(_folder.Path, "backup", Backup, $"--Sailfish:DataDir={server.DataDir}");
        await stop.CancelAsync();
        await traffic;
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(Backup, output);
        // The traffic went on meanwhile.
        Assert.True(receipted > before);
        AssertOwnersAlone();
        await server.StopAsync();

        await using var restored = await ServerProcess.StartAsync(Backup, []);
        Assert.Equal((server.AppId, server.ApiKey, server.TokenSecret), (restored.AppId, restored.ApiKey, restored.TokenSecret));
        var messages = await AllAsync(restored, "d:10001:10002");
        Assert.True(messages.Count >= before, $"{messages.Count} of {before}");
        Assert.Equal(Enumerable.Range(1, messages.Count).Select(i => $"message {i}"), messages);
        using var again = new PageClient(restored);
        // The cookie of before is good: its keys came along.
        foreach (System.Net.Cookie cookie in ann.Cookies.GetAllCookies())
            again.Cookies.Add(cookie);
        Assert.Equal(picture, (await again.OkAsync("/home/initPage")).Text("avatar"));
        using (var file = await again.GetAsync(picture))
            Assert.Equal(System.Net.HttpStatusCode.OK, file.StatusCode);
        using var other = new PageClient(restored).Named(ann.Name);
        Assert.Equal(200, (await other.LogInAsync()).Code);
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_left_as_it_is()
    {
        await using var server = await ServerProcess.StartAsync();
        Directory.CreateDirectory(Backup);
        File.WriteAllText(Path.Combine(Backup, "mine"), "mine");
        var (exit, _, error) = await ServerProcess.RunProgramAsync(_folder.Path, "backup", Backup, $"--Sailfish:DataDir={server.DataDir}");
        AssertOneLine(exit, error, $"The folder {Backup} is not empty");
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(Backup).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Without_a_database_or_a_folder_to_write_to_there_is_no_backup()
    {
        var none = await ServerProcess.RunProgramAsync(_folder.Path, "backup", Backup, "--Sailfish:DataDir=nowhere");
        AssertOneLine(none.ExitCode, none.Error, "There is no database");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        await using var server = await ServerProcess.StartAsync();
        var file = await ServerProcess.RunProgramAsync(_folder.Path, "backup", "/dev/null/backup", $"--Sailfish:DataDir={server.DataDir}");
        AssertOneLine(file.ExitCode, file.Error, "/dev/null");
        var missing = await ServerProcess.RunProgramAsync(_folder.Path, "backup", $"--Sailfish:DataDir={server.DataDir}");
        Assert.Equal(1, missing.ExitCode);
        StartErrors.AssertOneLine((missing.ExitCode, missing.Error), "backup");
    }

    [Fact]
    public async Task A_backup_that_fails_leaves_nothing_behind()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        File.WriteAllText(Path.Combine(server.DataDir, "sailfish.db"), "no database at all, but long enough to be read as the head of one: " + new string('x', 4096));
        var (exit, _, error) = await ServerProcess.RunProgramAsync(_folder.Path, "backup", Backup, $"--Sailfish:DataDir={server.DataDir}");
        AssertOneLine(exit, error, "database");
        Assert.Empty(Directory.GetFileSystemEntries(Backup));
    }

    private static void AssertOneLine(int exit, string error, string named)
    {
        Assert.Equal(1, exit);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Sailfish cannot back up. ", line);
        Assert.Contains(named, line);
    }

    private void AssertOwnersAlone()
    {
        Assert.Equal(["avatars", "keys", "sailfish.db", "secrets.json"], Directory.GetFileSystemEntries(Backup).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var entry in new DirectoryInfo(Backup).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
            Assert.Equal((UnixFileMode)0, entry.UnixFileMode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    private static async Task<List<string>> AllAsync(ServerProcess server, string conversation)
    {
        List<string> contents = [];
        while (true)
        {
            var page = await server.Http.GetJsonAsync($"/api/v1/conversations/{conversation}/messages?limit=500&after={contents.Count}");
            contents.AddRange(page["messages"]!.AsArray().Select(m => System.Text.Json.Nodes.JsonNode.Parse(m!.AsObject().Text("data"))!.AsObject().Text("content")));
            if (!page["more"]!.GetValue<bool>())
                return contents;
        }
    }
}
