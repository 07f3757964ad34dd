using System.Runtime.Versioning;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;
    private const UnixFileMode Open = OwnersFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_server_on_one_folder_refuses_with_a_line_that_names_the_folder_and_the_first()
    {
        await using var first = await ServerProcess.StartAsync(_folder.Path, []);
        var refused = await ServerProcess.RunToExitAsync(_folder.Path, []);
        StartErrors.AssertOneLine(refused, _folder.Path);
        Assert.Contains($"process {first.ProcessId}", refused.Output);
        // The first has not noticed.
        await using var client = await TestClient.LogInAsync(first, 10001);
        await client.ChatAsync(10002, "still here", "c1");
        await client.ReceiveAsync(Code.Receipt);
    }

    [Fact]
    public async Task Another_way_to_the_folder_is_the_same_folder()
    {
        var link = _folder.Path + "-link";
        Directory.CreateSymbolicLink(link, _folder.Path);
        try
        {
            await using var first = await ServerProcess.StartAsync(_folder.Path, []);
            Assert.Equal(1, (await ServerProcess.RunToExitAsync(link, [])).ExitCode);
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public async Task No_variable_of_the_framework_turns_the_lock_off()
    {
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };
        await using var first = await ServerProcess.StartAsync(_folder.Path, [], environment);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(_folder.Path, [], environment));
    }

    [Fact]
    public async Task Of_several_that_start_at_once_one_runs()
    {
        var starts = Enumerable.Range(0, 3).Select(_ => ServerProcess.StartAsync(_folder.Path, [])).ToList();
        await Task.WhenAll(starts.Select(start => start.ContinueWith(_ => { }, TaskScheduler.Default)));
        foreach (var refused in starts.Where(s => s.IsFaulted))
            Assert.Contains("is in use by another server", refused.Exception!.InnerException!.Message);
        var running = Assert.Single(starts, s => s.IsCompletedSuccessfully);
        await (await running).DisposeAsync();
    }

    [Fact]
    public async Task A_killed_server_leaves_no_lock()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(0, await server.StopAsync());
        await server.StartAgainAsync();
    }

    [Fact]
    public async Task Whatever_the_umask_and_the_folder_all_in_it_is_the_owners_alone()
    {
        File.SetUnixFileMode(_folder.Path, Open);
        await using var server = await ServerProcess.StartAsync(_folder.Path, [], umask: "000");
        using var person = await PageClient.SignUpAsync(server);
        Assert.Equal(200, (await person.UploadAsync(TestPictures.Any, "a.png")).Code);
        AssertOwnersAlone();
    }

    [Fact]
    public async Task What_was_open_before_is_mended_by_a_start()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Path, [], umask: "022");
        using var person = await PageClient.SignUpAsync(server);
        Assert.Equal(200, (await person.UploadAsync(TestPictures.Any, "a.png")).Code);
        await server.KillAsync();
        foreach (var path in Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(path, Open);
        await server.StartAgainAsync();
        AssertOwnersAlone();
    }

    [Fact]
    public async Task A_folder_that_others_may_write_to_is_warned_of()
    {
        File.SetUnixFileMode(_folder.Path, Open | UnixFileMode.OtherWrite);
        await using var server = await ServerProcess.StartAsync(_folder.Path, []);
        Assert.Contains("Others may write to the data folder", server.Output);
    }

    private void AssertOwnersAlone()
    {
        // The database's companions are there while it is open.
        Assert.True(File.Exists(Path.Combine(_folder.Path, "sailfish.db-wal")));
        foreach (var entry in new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
            Assert.True(entry.UnixFileMode == (entry is DirectoryInfo ? OwnersFolder : OwnersFile), $"{entry.FullName} is {entry.UnixFileMode}");
    }
}
