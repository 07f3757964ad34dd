using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>What nodes tell of themselves and of each other.</summary>
public sealed class ClusterHealthTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    [Fact]
    public async Task Each_node_tells_its_lease_and_what_it_stands_on()
    {
        HashSet<string> numbers = [];
        foreach (var node in Cluster.Nodes)
        {
            var health = await node.GetAsync("readyz");
            Assert.Equal(("ready", "up", "up"), (health.Text("status"), health.Text("database"), health.Text("bus")));
            Assert.True(health["lease"]!["valid"]!.GetValue<bool>());
            Assert.InRange(health["lease"]!["remainingMs"]!.GetValue<long>(), 1, 8000);
            Assert.True(numbers.Add(health.Text("node")));
            Assert.Matches("^[0-9]+$", health.Text("node"));
        }
    }

    [Fact]
    public async Task Each_node_lists_all_and_how_many_are_on_them()
    {
        await using var one = await TestClient.LogInAsync(Two, TestIds.NewUser());
        await using var other = await TestClient.LogInAsync(Two, TestIds.NewUser());
        await one.JoinAsync(TestIds.NewRoom());
        var number = (await Two.GetAsync("readyz")).Text("node");
        await Cluster.EverywhereAsync(
            async node =>
            {
                var nodes = (await node.GetAsync("api/v1/cluster"))["nodes"]!.AsArray().Select(n => n!.AsObject()).ToList();
                var two = Assert.Single(nodes, n => n["node"]!.ToString() == number);
                return nodes.Count == 3 && two.Number("connections") >= 2 && two.Number("rooms") >= 1 && nodes.All(n => n.Number("leaseMs") > 0 && !n["draining"]!.GetValue<bool>());
            },
            "three nodes, and two connections on the second");
    }

    [Fact]
    public void All_nodes_have_the_secrets_that_one_of_them_made()
    {
        foreach (var node in Cluster.Nodes)
        {
            Assert.Equal(One.App, node.App);
            var file = Path.Combine(node.DataDir, "secrets.json");
            Assert.Contains("\"copyOf\":\"cluster\"", File.ReadAllText(file).Replace(" ", "", StringComparison.Ordinal));
        }
    }
}
