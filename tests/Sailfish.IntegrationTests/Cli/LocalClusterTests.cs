using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cli;

/// <summary><c>sailfish cluster</c>: nodes, PostgreSQL and NATS as somebody who tries things out has them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LocalClusterTests : IDisposable
{
    /// <summary>In the place of the ports of every server, which others of this machine may have.</summary>
    private static readonly (string, string)[] AnyPorts = [("Sailfish__Http__Port", "0"), ("Sailfish__Gateway__TcpPort", "0"), ("Sailfish__Gateway__WebSocketPort", "0")];

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly TemporaryDirectory _folder = new();

    public LocalClusterTests() =>
        // PostgreSQL, another user, goes through it.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_001_001);

    private string Dir => Path.Combine(_folder.Path, "cluster");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_nodes_listen_and_all_end_with_an_interrupt()
    {
        await using var cluster = await StartAsync(2);
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await cluster.InterruptAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 15);
        AssertNothingRuns();
        Assert.Equal(["data", "password"], Directory.GetFileSystemEntries(Path.Combine(Dir, "postgres")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_node_knows_the_others()
    {
        await using var cluster = await StartAsync(2, "--bus", "nats");
        foreach (var node in new[] { 1, 2 })
        {
            await Wait.UntilAsync(
                async () =>
                {
                    await using var status = Start(cluster, node, "status");
                    return await status.ExitAsync() == 0 && status.Lines.Count == 4 && status.Lines[^1].StartsWith("bus up, ", StringComparison.Ordinal);
                },
                $"node {node} to know both");
        }

        Assert.Equal(0, await cluster.InterruptAsync());
    }

    [Fact]
    public async Task People_on_two_nodes_talk_also_after_another_start_of_the_cluster()
    {
        await using (var cluster = await StartAsync(2))
        {
            await TalkAsync(cluster, "hello");
            Assert.Equal(0, await cluster.InterruptAsync("TERM"));
        }

        await using (var cluster = await StartAsync(2, "--bus", "nats"))
        {
            await TalkAsync(cluster, "again");
            await using var bob = Chat(cluster, 2, "--user", "10002", "--to", "10001");
            await bob.TypeAsync("and back");
            Assert.Equal(0, await bob.EndAsync());
            using var http = HttpOf(cluster, 1);
            var messages = await http.GetJsonAsync("/api/v1/conversations/d:10001:10002/messages");
            Assert.Equal(3, messages["messages"]!.AsArray().Count);
            Assert.Equal(0, await cluster.InterruptAsync());
        }

        AssertNothingRuns();
    }

    [Fact]
    public async Task A_node_that_dies_ends_the_cluster_and_is_named()
    {
        await using var cluster = await StartAsync(1);
        var node = int.Parse(await File.ReadAllTextAsync(Path.Combine(Dir, "node1", "sailfish.pid")), null);
        using (var process = Process.GetProcessById(node))
            process.Kill();
        Assert.Equal(1, await cluster.ExitAsync());
        Assert.Contains(cluster.Notes, note => note == "sailfish: node 1 ended with exit code 137");
        AssertNothingRuns();
    }

    [Fact]
    public async Task A_node_that_does_not_start_says_why()
    {
        await using var cluster = CliProcess.StartWith(_folder.Path, [.. AnyPorts, ("Sailfish__Rooms__MaxPerConnection", "none")], "cluster", "--nodes", "1", "--dir", Dir);
        Assert.Equal(1, await cluster.ExitAsync());
        Assert.Contains(cluster.Lines, line => line.StartsWith("1: Sailfish cannot start. Sailfish:Rooms:MaxPerConnection", StringComparison.Ordinal));
        Assert.Contains("sailfish: node 1 did not start", cluster.Notes);
        AssertNothingRuns();
    }

    [Fact]
    public async Task Nothing_stays_when_the_tool_is_killed()
    {
        await using var cluster = await StartAsync(1);
        await cluster.KillAsync();
        await Wait.UntilAsync(() => Processes().Count == 0, TimeSpan.FromSeconds(40), () => $"nothing to run; there is: {string.Join(", ", Processes())}");
    }

    [Fact]
    public async Task Without_PostgreSQL_it_says_how_to_get_it()
    {
        await using var cluster = CliProcess.StartWith(_folder.Path, AnyPorts, "cluster", "--postgres", _folder.Path);
        Assert.Equal(1, await cluster.ExitAsync());
        Assert.Contains("apt-get install postgresql", Assert.Single(cluster.Notes), StringComparison.Ordinal);
        Assert.Empty(cluster.Lines);
    }

    private async Task<CliProcess> StartAsync(int nodes, params string[] arguments)
    {
        var cluster = CliProcess.StartWith(_folder.Path, AnyPorts, ["cluster", "--nodes", $"{nodes}", "--dir", Dir, .. arguments]);
        await Wait.UntilAsync(
            () => cluster.HasExited || Enumerable.Range(1, nodes).All(node => PortsOf(cluster, node) is not null),
            StartLimit,
            () => $"{nodes} nodes; it said: {string.Join(" | ", cluster.Lines.Concat(cluster.Notes))}");
        Assert.False(cluster.HasExited, string.Join(" | ", cluster.Lines.Concat(cluster.Notes)));
        return cluster;
    }

    private static ServerPorts? PortsOf(CliProcess cluster, int node) =>
        cluster.Lines.Where(line => line.StartsWith($"{node}: listening ", StringComparison.Ordinal)).Select(ServerPorts.Find).FirstOrDefault();

    /// <summary>Ann on the first node says something to Bob on the second.</summary>
    private async Task TalkAsync(CliProcess cluster, string what)
    {
        await using var bob = Chat(cluster, 2, "--user", "10002", "--to", "10001", "--stay");
        await Wait.UntilAsync(() => bob.Notes.Contains("* online"), "Bob to be online");
        await using var ann = Chat(cluster, 1, "--user", "10001", "--to", "10002");
        await ann.TypeAsync(what);
        await bob.PrintedAsync(1);
        Assert.Equal([$"10001: {what}"], bob.Messages);
        Assert.Equal(0, await ann.EndAsync());
        Assert.Equal(0, await bob.InterruptAsync());
    }

    private CliProcess Chat(CliProcess cluster, int node, params string[] arguments) => Start(cluster, node, ["chat", .. arguments]);

    private CliProcess Start(CliProcess cluster, int node, params string[] arguments)
    {
        var ports = PortsOf(cluster, node)!;
        return CliProcess.Start([.. arguments, "--data-dir", Path.Combine(Dir, $"node{node}"), "--tcp-port", $"{ports.Tcp}", "--http", $"http://127.0.0.1:{ports.Http}"]);
    }

    private HttpClient HttpOf(CliProcess cluster, int node)
    {
        var app = JsonNode.Parse(File.ReadAllText(Path.Combine(Dir, $"node{node}", "secrets.json")))!["apps"]![0]!.AsObject();
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{PortsOf(cluster, node)!.Http}/") };
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", app.Text("apiKey"));
        return http;
    }

    private void AssertNothingRuns() => Assert.Empty(Processes());

    /// <summary>Whatever works in the folder, or was told of it.</summary>
    private List<string> Processes()
    {
        List<string> found = [];
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                var command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                if (command.Contains(_folder.Path, StringComparison.Ordinal) || new FileInfo(Path.Combine(process, "cwd")).LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true)
                    found.Add(command);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return found;
    }
}
