using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cli;

/// <summary><c>sailfish status</c>, of one server and of a cluster's node.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task A_server_that_is_alone_is_one_line()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var cli = CliProcess.Start(server, "status");
        Assert.Equal(0, await cli.ExitAsync());
        Assert.Equal(2, cli.Lines.Count);
        Assert.Matches("^node +name +version +connections +rooms +lease$", cli.Lines[0]);
        Assert.Matches($@"^1 +{Environment.MachineName} +\d+\.\d+\.\d+ +1 +0 +-$", cli.Lines[1]);
    }

    [Fact]
    public async Task A_node_has_a_lease_and_a_bus()
    {
        var postgres = await SharedPostgres.ServerAsync();
        await using var server = await ServerProcess.StartAsync($"Cluster:Database={postgres.ConnectionString(await SharedPostgres.NewDatabaseAsync())}");
        await using var cli = CliProcess.Start(server, "status");
        Assert.Equal(0, await cli.ExitAsync());
        Assert.Equal(3, cli.Lines.Count);
        Assert.Matches(@" \d\.\d s$", cli.Lines[1]);
        Assert.Matches(@"^bus (up|away), \d+ repairs$", cli.Lines[2]);
    }

    [Fact]
    public async Task As_JSON_it_is_the_answer_as_it_is()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var cli = CliProcess.Start(server, "status", "--json");
        Assert.Equal(0, await cli.ExitAsync());
        var printed = JsonNode.Parse(Assert.Single(cli.Lines))!;
        Assert.Equal((await server.Http.GetJsonAsync("/api/v1/cluster"))["nodes"]!.ToJsonString(), printed["nodes"]!.ToJsonString());
    }

    [Fact]
    public async Task It_can_be_watched_over_a_restart_until_it_is_interrupted()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync();
        await using var cli = CliProcess.Start(server, "status", "--watch");
        await cli.PrintedAsync(4);
        await server.StopAsync();
        await Wait.UntilAsync(() => cli.Notes.Any(note => note.Contains("cannot be reached", StringComparison.Ordinal)), "a note that it is away");
        await server.StartAgainAsync();
        // Another start is another node.
        await Wait.UntilAsync(() => cli.Lines.Any(line => line.StartsWith("2 ", StringComparison.Ordinal)), "the next start");
        Assert.Equal(0, await cli.InterruptAsync());
    }

    [Fact]
    public async Task What_the_server_refuses_is_not_watched()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var other = await ServerProcess.StartAsync();
        await using var cli = CliProcess.Start("status", "--watch", "--data-dir", other.DataDir, "--http", $"http://127.0.0.1:{server.HttpPort}");
        Assert.Equal(1, await cli.ExitAsync());
        Assert.Contains("API key", Assert.Single(cli.Notes), StringComparison.Ordinal);
    }
}
