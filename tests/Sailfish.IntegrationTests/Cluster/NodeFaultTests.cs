using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>A node that dies, stands still or is exchanged: its users are elsewhere, and nothing is lost or doubled by it.</summary>
[Collection(nameof(ThreeNodesInTrouble))]
public sealed class NodeFaultTests(ClusterFixture<Disturbed> fixture)
{
    /// <summary>Who hears nothing for so long is not one of those who leave.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    /// <summary>A lease, a second, and what a busy machine adds.</summary>
    private static readonly TimeSpan Reaped = TimeSpan.FromSeconds(25);

    private ServerCluster Cluster => fixture.Cluster;

    private static int Rounds => LongTests.AreOn ? 10 : 1;

    [Fact]
    public async Task Of_a_node_that_is_killed_under_load_nothing_is_lost_and_its_users_are_back_elsewhere()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var round = 0; round < Rounds; round++)
        {
            await load.GoOnAsync(400);
            await Cluster[round].KillAsync();
            await load.ReadyAsync();
            await load.GoOnAsync(400);
            await Cluster[round].StartAgainAsync();
            await load.GoOnAsync(200);
        }

        await load.CheckAsync();
    }

    [Fact]
    public async Task Who_was_on_a_node_that_is_killed_is_offline_and_no_viewer_when_its_lease_is_over()
    {
        await Cluster.HealAsync();
        var (user, room) = (TestIds.NewUser(), TestIds.NewRoom());
        await using var gone = await TestClient.LogInAsync(Cluster[2], user);
        await using var stays = await TestClient.LogInAsync(Cluster[0], TestIds.NewUser());
        await gone.JoinAsync(room);
        await stays.JoinAsync(room);
        await Wait.UntilAsync(async () => await ViewersAsync(Cluster[1], room) == 2, "two viewers");
        await Cluster[2].KillAsync();
        foreach (var node in new[] { Cluster[0], Cluster[1] })
        {
            await Wait.UntilAsync(async () => !(await node.GetAsync($"api/v1/users/{user}/online"))["online"]!.GetValue<bool>(), Reaped, "the user to be offline");
            await Wait.UntilAsync(async () => await ViewersAsync(node, room) == 1, Reaped, "one viewer");
        }

        await Wait.UntilAsync(async () => await Cluster.CountAsync("SELECT count(*) FROM node") == 2, Reaped, "the node to be given up");
        await Wait.UntilAsync(async () => await Cluster.CountAsync($"SELECT count(*) FROM session WHERE user_id = {user}") == 0, Reaped, "its sessions to go");
        // Nobody took the rooms of the others with it.
        Assert.Equal(1, await Cluster.CountAsync($"SELECT count(*) FROM room_node WHERE room_id = {room}"));
        await Cluster[2].StartAgainAsync();
        await using var back = await TestClient.LogInAsync(Cluster[2], user);
        await back.JoinAsync(room);
        await stays.ChatInRoomAsync(room, "again", "again");
        Assert.Equal("again", (await back.ReceiveAsync(Code.Message)).Content());
    }

    /// <summary>He waited too long for a node that stood still, and went to another: what the first one reads late must not end that.</summary>
    [Fact]
    public async Task Whoever_has_left_before_his_login_is_read_replaces_nobody()
    {
        await Cluster.HealAsync();
        const string Device = "phone";
        List<TestClient> stay = [];
        Cluster[1].Signal("STOP");
        try
        {
            foreach (var user in Enumerable.Range(0, 5).Select(_ => TestIds.NewUser()))
            {
                await (await Cluster.PresentAsync(1, user, Device)).DisposeAsync();
                stay.Add(await TestClient.LogInAsync(Cluster[0], user, device: Device));
            }
        }
        finally
        {
            Cluster[1].Signal("CONT");
        }

        await using var behind = await TestClient.LogInAsync(Cluster[1], TestIds.NewUser());
        // Those who left are read, and gone: it was let in behind them.
        await Wait.UntilAsync(async () => await ConnectionsAsync() == stay.Count + 1, "those who left to be gone");
        foreach (var client in stay)
        {
            await client.SendAsync(Code.Heartbeat, new JsonObject());
            Assert.Equal(Code.Heartbeat, (await client.ReceiveAsync()).Code);
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_that_stands_still_is_given_up_and_doubles_nothing_when_it_goes_on()
    {
        await Cluster.HealAsync();
        // One of the three who begin on the node waits until it is told.
        await using var load = await ClusterLoad.StartAsync(Cluster, patience: i => i == 1 ? Long : null);
        var waiting = load.Clients[1];
        for (var round = 0; round < Rounds; round++)
        {
            await load.GoOnAsync(200);
            var connections = waiting.Connections;
            var old = await GenerationsAsync();
            Cluster[1].Signal("STOP");
            try
            {
                await Wait.UntilAsync(async () => await Cluster.CountAsync("SELECT count(*) FROM node") == 2, Reaped, "the node to be given up");
            }
            finally
            {
                Cluster[1].Signal("CONT");
            }

            await Wait.UntilAsync(async () => await Cluster.CountAsync("SELECT count(*) FROM node") == 3, Reaped, "the node to begin anew");
            Assert.Single((await GenerationsAsync()).Except(old));
            await load.ReadyAsync();
            await load.GoOnAsync(300);
            // It comes back when it was told to, ten seconds later at the most.
            if (round == 0)
                await Wait.UntilAsync(() => waiting.Connections > connections, "the one who waits to be told and to come back");
        }

        await load.CheckAsync();
    }

    [Fact]
    public async Task Nodes_that_are_exchanged_one_after_the_other_lose_and_double_nothing()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var i = 0; i < Cluster.Nodes.Count * Rounds; i++)
        {
            await load.GoOnAsync(150);
            await Cluster[i].StopAsync();
            Assert.Equal(2, await Cluster.CountAsync("SELECT count(*) FROM node"));
            await Cluster[i].StartAgainAsync();
            await Cluster.ReadyAsync();
        }

        await load.GoOnAsync(150);
        await load.CheckAsync();
        Assert.Equal(3, await Cluster.CountAsync("SELECT count(*) FROM node"));
    }

    [Fact]
    public async Task Who_was_on_a_node_that_stops_is_told_to_come_back_and_is_offline_everywhere()
    {
        await Cluster.HealAsync();
        var user = TestIds.NewUser();
        await using var client = await TestClient.LogInAsync(Cluster[2], user);
        await Cluster[2].StopAsync();
        var bye = Assert.Single(await client.DrainAsync());
        Assert.Equal((Code.Bye, "draining", true), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        foreach (var node in new[] { Cluster[0], Cluster[1] })
            Assert.False((await node.GetAsync($"api/v1/users/{user}/online"))["online"]!.GetValue<bool>());
        Assert.Equal(0, await Cluster.CountAsync($"SELECT count(*) FROM session WHERE user_id = {user}"));
        await Cluster[2].StartAgainAsync();
    }

    private static async Task<int> ViewersAsync(ServerProcess node, long room) =>
        (await node.GetAsync($"api/v1/rooms/{room}"))["viewers"]!.GetValue<int>();

    /// <summary>Of all nodes, as each last told.</summary>
    private async Task<int> ConnectionsAsync() =>
        (await Cluster[0].GetAsync("api/v1/cluster"))["nodes"]!.AsArray().Sum(node => node!["connections"]!.GetValue<int>());

    private async Task<string[]> GenerationsAsync() =>
        (await Cluster.Postgres.SqlAsync("SELECT generation FROM node", Cluster.Database)).Split('\n');
}
