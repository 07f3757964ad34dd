using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

/// <summary>What a server tells of the nodes: alone, and as one of a cluster.</summary>
public sealed class ClusterApiTests
{
    [Fact]
    public async Task A_server_that_is_alone_is_one_node_without_a_lease()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await ann.JoinAsync(7);
        var answer = await server.Http.GetJsonAsync("/api/v1/cluster");
        Assert.Equal(["nodes", "repairs"], answer.Select(member => member.Key));
        Assert.Equal(0, answer.Number("repairs"));
        var node = Node(answer);
        Assert.Equal(["node", "name", "version", "connections", "rooms", "draining"], node.Select(member => member.Key));
        Assert.Equal(("1", Environment.MachineName, 1, 1), (node.Text("node"), node.Text("name"), node.Number("connections"), node.Number("rooms")));
        Assert.Matches(@"^\d+\.\d+\.\d+$", node.Text("version"));
        Assert.False(node["draining"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_node_tells_its_lease_and_the_bus()
    {
        await using var server = await StartNodeAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        var answer = await server.Http.GetJsonAsync("/api/v1/cluster");
        Assert.Equal(["nodes", "bus", "repairs"], answer.Select(member => member.Key));
        var node = Node(answer);
        Assert.Equal((await ReadyAsync(server)).Text("node"), node.Text("node"));
        Assert.Equal(1, node.Number("connections"));
        Assert.InRange(node.Number("leaseMs"), 1, 8000);
    }

    [Fact]
    public async Task A_node_says_whether_it_takes_traffic_and_what_it_stands_on()
    {
        await using var server = await StartNodeAsync();
        await Wait.UntilAsync(async () => (await ReadyAsync(server)).Text("bus") == "up", "the bus");
        using var http = new HttpClient { BaseAddress = server.Http.BaseAddress };
        using var response = await http.GetAsync("readyz");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal(["status", "node", "lease", "database", "bus"], answer.Select(member => member.Key));
        Assert.Equal(("ready", "up"), (answer.Text("status"), answer.Text("database")));
        var lease = answer["lease"]!.AsObject();
        Assert.Equal(["valid", "remainingMs"], lease.Select(member => member.Key));
        Assert.True(lease["valid"]!.GetValue<bool>());
        Assert.InRange(lease.Number("remainingMs"), 1, 7000);
    }

    [Fact]
    public async Task A_node_that_drains_says_so()
    {
        await using var server = await StartNodeAsync("Gateway:DrainDelaySeconds=3");
        var stop = server.StopAsync();
        await Wait.UntilAsync(async () => (await ReadyAsync(server)).Text("status") == "draining", "readyz to say draining");
        Assert.Equal(0, await stop);
    }

    [Fact]
    public async Task A_node_without_its_database_is_sent_nobody_until_it_is_back()
    {
        await using var postgres = await PostgresServer.StartAsync(fsync: false);
        await postgres.CreateDatabaseAsync("sailfish");
        await using var server = await ServerProcess.StartAsync($"Cluster:Database={postgres.ConnectionString("sailfish")}");
        postgres.Hold();
        await StatusAsync(server, "no_database");
        using (var response = await server.Http.GetAsync("readyz"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("away", (await ReadyAsync(server)).Text("database"));
        postgres.GoOn();
        await StatusAsync(server, "ready");
    }

    private static async Task<ServerProcess> StartNodeAsync(params string[] settings)
    {
        var postgres = await SharedPostgres.ServerAsync();
        return await ServerProcess.StartAsync([$"Cluster:Database={postgres.ConnectionString(await SharedPostgres.NewDatabaseAsync())}", .. settings]);
    }

    private static Task StatusAsync(ServerProcess server, string status) =>
        Wait.UntilAsync(async () => (await ReadyAsync(server)).Text("status") == status, $"readyz to say {status}");

    private static async Task<JsonObject> ReadyAsync(ServerProcess server)
    {
        using var response = await server.Http.GetAsync("readyz");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    private static JsonObject Node(JsonObject answer) => Assert.Single(answer["nodes"]!.AsArray())!.AsObject();
}
