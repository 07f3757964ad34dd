using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Commands;

public sealed class SignalTests
{
    /// <summary>128 and the signal's number: it came before the runtime knew of any, which no program can prevent.</summary>
    private static readonly Dictionary<string, int> BeforeTheProgram = new() { ["TERM"] = 128 + 15, ["INT"] = 128 + 2 };

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_stop_at_any_moment_of_the_start_ends_quietly(string signal)
    {
        // How long a start takes on this machine at this moment.
        var began = TimeProvider.System.GetTimestamp();
        await using (await ServerProcess.StartAsync())
        {
        }

        var whole = TimeProvider.System.GetElapsedTime(began);
        for (var i = 0; i <= 12; i++)
        {
            await using var server = ServerProcess.Begin();
            // Any moment: each is as good as another.
            await Pause.ForAsync(whole * i / 12);
            server.Signal(signal);
            var exit = await server.EndAsync();
            Assert.True(exit == 0 || exit == BeforeTheProgram[signal], $"{i}: {exit} {server.Output}");
            Assert.DoesNotContain("Exception", server.Output);
            Assert.DoesNotContain("cannot start", server.Output);
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task A_stop_of_a_running_server_tells_everybody(string signal)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var client = await TestClient.LogInAsync(server, 10001);
        server.Signal(signal);
        Assert.Equal(0, await server.EndAsync());
        Assert.Equal("draining", Assert.Single(await client.DrainAsync()).Text("reason"));
    }

    [Fact]
    public async Task A_closed_terminal_changes_nothing()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var client = await TestClient.LogInAsync(server, 10001);
        server.Signal("HUP");
        await client.ChatAsync(10002, "still here", "c1");
        await client.ReceiveAsync(Code.Receipt);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task A_closed_terminal_does_not_call_off_a_start()
    {
        await using var server = ServerProcess.Begin();
        await Wait.UntilAsync(() => File.Exists(Path.Combine(server.DataDir, "sailfish.lock")), "the program to be at work");
        server.Signal("HUP");
        await Wait.UntilAsync(() => server.Output.Contains("listening", StringComparison.Ordinal), "the server to listen");
    }
}
