using System.Diagnostics;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Documents;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>The TypeScript SDK outside of browsers: the built package, on the Node that there is.</summary>
public sealed class NodeTests
{
    private static readonly string Folder = SourceTree.PathOf("web");

    [Fact]
    public async Task The_built_package_talks_to_a_real_server_on_plain_Node()
    {
        await using var server = await ServerProcess.StartAsync();
        var report = await RunAsync(
            "sdk/test/node/talk.mjs", $"ws://127.0.0.1:{server.WebSocketPort}/ws", TestTokens.Mint(server, 20_001), TestTokens.Mint(server, 20_002), "77");
        Assert.Equal(["I am here", "hello, one"], Texts(report, "one"));
        Assert.Equal(["before you came 你好", "hello, all"], Texts(report, "other"));
        Assert.Equal(["1 before you came 你好", "2 I am here"], Texts(report, "history"));
        Assert.True(report["sameReceipt"]!.GetValue<bool>());
        Assert.False(report["more"]!.GetValue<bool>());
        Assert.Equal("not_joined", report["refused"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_program_of_its_README_talks_to_a_real_server()
    {
        await using var server = await ServerProcess.StartAsync();
        // On Node a token comes from elsewhere than the page's own server, and Node 20 is given a WebSocket, as the README says.
        var program = Readme.Blocks("web/sdk/README.md", "ts").Single()
            .With("ws://127.0.0.1:8086", $"ws://127.0.0.1:{server.WebSocketPort}")
            .With("(await fetch('/my-token')).text()", $"'{TestTokens.Mint(server, 10002)}'")
            .With("new SailfishClient({", "new SailfishClient({ WebSocket,");
        await using var other = await ClientHarness.ConnectAsync(server, 10001);
        await other.JoinAsync(77);
        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", $"import {{ WebSocket }} from 'ws';\n{program}"])
        {
            WorkingDirectory = Path.Combine(Folder, "sdk"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal(["hello", "hello, all"], await other.TakeAsync(2));
            await other.SendAsync(10002, "welcome");
            var lines = node.StandardOutput;
            await Wait.UntilAsync(async () => await lines.ReadLineAsync().WaitAsync(Wait.Limit) == "10001: welcome", "the line");
        }
        finally
        {
            node.Kill();
        }
    }

    private static IEnumerable<string> Texts(JsonObject report, string member) => report[member]!.AsArray().Select(text => text!.GetValue<string>());

    private static async Task<JsonObject> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments]) { WorkingDirectory = Folder };
        var (exitCode, output, error) = await ProcessRun.RunAsync(start, Wait.Limit);
        Assert.True(exitCode == 0, error);
        return JsonNode.Parse(output)!.AsObject();
    }
}
