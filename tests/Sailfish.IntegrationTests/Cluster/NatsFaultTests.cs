using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Three nodes with NATS between them: the way of a message, and NATS away.</summary>
[Collection(nameof(ThreeNodesWithNats))]
public sealed class NatsFaultTests(ClusterFixture<WithNats> fixture)
{
    private ServerCluster Cluster => fixture.Cluster;

    private static int Rounds => LongTests.AreOn ? 10 : 1;

    [Fact]
    public async Task Messages_go_between_all_nodes_in_order()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        await load.GoOnAsync(LongTests.AreOn ? 20_000 : 1000);
        Assert.All(load.Clients, client => Assert.Equal(1, client.Connections));
        await load.CheckAsync();
    }

    [Fact]
    public async Task While_NATS_stands_still_messages_come_from_the_log()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var round = 0; round < Rounds; round++)
        {
            await load.GoOnAsync(200);
            Cluster.Nats!.Hold();
            try
            {
                await load.GoOnAsync(200);
                await AssertBroughtAsync();
                if (LongTests.AreOn)
                    // Long enough for all that notices, and for what waits to fill.
                    await Pause.ForAsync(TimeSpan.FromSeconds(20));
            }
            finally
            {
                Cluster.Nats.GoOn();
            }

            await load.GoOnAsync(300);
        }

        Assert.All(load.Clients, client => Assert.Equal(1, client.Connections));
        await load.CheckAsync();
    }

    [Fact]
    public async Task While_NATS_is_dead_messages_kicks_and_replacements_come_all_the_same()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var round = 0; round < Rounds; round++)
        {
            await load.GoOnAsync(200);
            await Cluster.Nats!.KillAsync();
            await load.GoOnAsync(200);
            await AssertBroughtAsync();
            await AssertEndsAsync();
            await Cluster.Nats.StartAgainAsync();
            await load.GoOnAsync(300);
        }

        Assert.All(load.Clients, client => Assert.Equal(1, client.Connections));
        await load.CheckAsync();
    }

    [Fact]
    public async Task A_node_that_is_killed_loses_nothing()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        await load.GoOnAsync(300);
        await Cluster[2].KillAsync();
        await load.ReadyAsync();
        await load.GoOnAsync(300);
        await Cluster[2].StartAgainAsync();
        await load.GoOnAsync(200);
        await load.CheckAsync();
    }

    /// <summary>To another node, into a room with members there, too.</summary>
    private async Task AssertBroughtAsync()
    {
        var room = TestIds.NewRoom();
        await using var ann = await TestClient.LogInAsync(Cluster[0], TestIds.NewUser());
        await using var bob = await TestClient.LogInAsync(Cluster[1], TestIds.NewUser());
        await ann.JoinAsync(room);
        await bob.JoinAsync(room);
        await ann.ChatInRoomAsync(room, "to the room", "room");
        Assert.Equal("to the room", (await bob.ReceiveAsync(Code.Message)).Content());
        await ann.ChatAndReceiptAsync(bob.UserId, "to bob");
        Assert.Equal("to bob", (await bob.ReceiveAsync(Code.Message)).Content());
    }

    /// <summary>What ends a session on another node is known there without any bus.</summary>
    private async Task AssertEndsAsync()
    {
        var user = TestIds.NewUser();
        await using var older = await TestClient.LogInAsync(Cluster[0], user, device: "phone");
        await using var newer = await TestClient.LogInAsync(Cluster[1], user, device: "phone");
        Assert.Equal("replaced", (await older.DrainAsync())[^1].Text("reason"));
        Assert.Equal(1, (await Cluster[2].Http.PostJsonAsync($"/api/v1/users/{user}/kick", "{}")).Number("closed"));
        Assert.Equal("kicked", (await newer.DrainAsync())[^1].Text("reason"));
    }
}
