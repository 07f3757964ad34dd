using System.Diagnostics;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>The TypeScript SDK outside of browsers: the built package, on the Node that there is.</summary>
public sealed class NodeTests
{
    [Fact]
    public async Task The_built_package_Talks_to_a_real_server_on_plain_Node()
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

    private static IEnumerable<string> Texts(JsonObject report, string member) => report[member]!.AsArray().Select(text => text!.GetValue<string>());

    private static async Task<JsonObject> RunAsync(string script, params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Path.Combine(PageFolder.Path, "../.."),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        try
        {
            await node.WaitForExitAsync().WaitAsync(Wait.Limit);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill();
        }

        Assert.True(node.ExitCode == 0, await error);
        return JsonNode.Parse(await output)!.AsObject();
    }
}
