using System.Net;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>The database stands still, dies, or does not say what became of a commit: sessions stay, and nothing is lost or doubled.</summary>
[Collection(nameof(ThreeNodesInTrouble))]
public sealed class DatabaseFaultTests(ClusterFixture<Disturbed> fixture)
{
    private const string NodesWithoutNotify = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'sailfish bus'";

    private ServerCluster Cluster => fixture.Cluster;

    private static int Rounds => LongTests.AreOn ? 10 : 2;

    [Fact]
    public async Task While_the_database_stands_still_sessions_stay_and_what_was_said_is_stored_once_afterwards()
    {
        await Cluster.HealAsync();
        // Who asks the database waits for it, and for what he asks behind it, too: nobody is to leave by himself meanwhile.
        await using var load = await ClusterLoad.StartAsync(Cluster, patience: _ => TimeSpan.FromMinutes(1));
        var generations = await Cluster.Postgres.SqlAsync("SELECT generation FROM node ORDER BY 1", Cluster.Database);
        await load.GoOnAsync(300);
        Cluster.Postgres.Hold();
        try
        {
            // Longer than a message waits until it is called not stored; and longer than a lease.
            await Pause.ForAsync(TimeSpan.FromSeconds(LongTests.AreOn ? 20 : 6));
        }
        finally
        {
            Cluster.Postgres.GoOn();
        }

        await load.GoOnAsync(300);
        Assert.All(load.Clients, client => Assert.Equal(1, client.Connections));
        await load.CheckAsync();
        // Nobody was given up who could not do anything about it.
        Assert.Equal(generations, await Cluster.Postgres.SqlAsync("SELECT generation FROM node ORDER BY 1", Cluster.Database));
    }

    [Fact]
    public async Task What_was_called_not_stored_gets_its_receipt_when_it_turns_out_to_be_stored()
    {
        await Cluster.HealAsync();
        await using var ann = await TestClient.LogInAsync(Cluster[0], TestIds.NewUser());
        await using var bob = await TestClient.LogInAsync(Cluster[1], TestIds.NewUser());
        Cluster.Postgres.Hold();
        try
        {
            await ann.ChatAsync(bob.UserId, "late", "late");
            var error = await ann.ReceiveAsync(Code.Error);
            Assert.Equal(("not_stored", "late"), (error.Text("error"), error.Text("clientMsgId")));
        }
        finally
        {
            Cluster.Postgres.GoOn();
        }

        var receipt = await ann.ReceiptAsync("late");
        Assert.Equal(receipt.Text("msgId"), (await bob.ReceiveAsync(Code.Message)).Text("msgId"));
        // Said again, it is the same.
        Assert.Equal(receipt.Text("msgId"), (await ann.ChatAndReceiptAsync(bob.UserId, "late", "late")).Text("msgId"));
        Assert.Single(await Cluster[2].WholeHistoryAsync(MessagingSteps.Direct(ann.UserId, bob.UserId)));
    }

    [Fact]
    public async Task Who_logs_in_while_the_database_stands_still_is_let_in_and_is_reached_afterwards()
    {
        await Cluster.HealAsync();
        var user = TestIds.NewUser();
        await using var ann = await TestClient.LogInAsync(Cluster[0], TestIds.NewUser());
        TestClient client;
        Cluster.Postgres.Hold();
        try
        {
            client = await TestClient.LogInAsync(Cluster[1], user, device: "phone");
            Assert.Empty(await client.FlushAsync());
        }
        finally
        {
            Cluster.Postgres.GoOn();
        }

        await ann.ChatAndReceiptAsync(user, "hello");
        Assert.Equal("hello", (await client.ReceiveAsync(Code.Message)).Content());
        await Cluster.EverywhereAsync(async node => (await node.GetAsync($"api/v1/users/{user}/online"))["sessions"]!.AsArray().Count == 1, "the late session");
        await client.DisposeAsync();
    }

    [Fact(Skip = LongTests.LeftOut, SkipUnless = nameof(LongTests.AreOn), SkipType = typeof(LongTests))]
    public async Task No_room_whose_anchor_is_there_closes_after_the_database_was_away()
    {
        await Cluster.HealAsync();
        var (kept, room) = await PageClient.GoLiveAsync(Cluster[0]);
        await using var anchors = await kept.At(Cluster[1]).ConnectAsync(room);
        Cluster.Postgres.Hold();
        // Longer than an anchor may be away.
        await Pause.ForAsync(TimeSpan.FromSeconds(15));
        Cluster.Postgres.GoOn();
        var (other, deserted) = await PageClient.GoLiveAsync(Cluster[2]);
        await Wait.UntilAsync(
            async () => (await other.OkAsync("/living/anchorConfig", ("roomId", deserted))).Number("roomId") == -1, TimeSpan.FromSeconds(60), "a deserted room to close");
        Assert.Equal(room, (await kept.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
        Assert.Empty(await anchors.FlushAsync());
    }

    [Fact]
    public async Task A_database_that_dies_forgets_who_is_where_and_is_told_again()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var round = 0; round < (LongTests.AreOn ? Rounds : 1); round++)
        {
            await load.GoOnAsync(200);
            await Cluster.Postgres.KillAsync();
            await Cluster.Postgres.StartAgainAsync();
            await load.GoOnAsync(300);
        }

        // Whoever says nothing is known again, too.
        await Cluster.EverywhereAsync(
            async node =>
            {
                var map = await node.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{string.Join(',', load.Clients.Select(client => client.UserId))}}]}""");
                return load.Clients.All(client => map[$"{client.UserId}"]!.GetValue<bool>());
            },
            "all to be online");
        Assert.All(load.Clients, client => Assert.Equal(1, client.Connections));
        // With who is where it is forgotten who had what: what was said lately is brought again, and who lacks something is told
        // that he is behind, perhaps after the next message.
        await load.CheckAsync(FaultKind.Gap, FaultKind.Reordered);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_swallowed_is_receipted_and_brought_once()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        await using var ann = await TestClient.LogInAsync(Cluster[0], TestIds.NewUser());
        await using var bob = await TestClient.LogInAsync(Cluster[1], TestIds.NewUser());
        for (var round = 1; round <= Rounds; round++)
        {
            var (lost, key) = (Cluster.Proxies[0].Lost, $"swallow {round}");
            Cluster.Proxies[0].LoseAnswerTo(key);
            var receipt = await ann.ChatAndReceiptAsync(bob.UserId, key, key);
            Assert.Equal((lost + 1, (long)round), (Cluster.Proxies[0].Lost, receipt.Number("seq")));
            Assert.Equal(receipt.Text("msgId"), (await bob.ReceiveAsync(Code.Message)).Text("msgId"));
            await load.GoOnAsync(100);
        }

        Assert.Equal(Rounds, (await Cluster[2].WholeHistoryAsync(MessagingSteps.Direct(ann.UserId, bob.UserId))).Count);
        Assert.Empty(await bob.FlushAsync());
        await load.CheckAsync();
    }

    [Fact]
    public async Task A_node_whose_connections_to_the_database_are_cut_again_and_again_loses_nothing()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var round = 0; round < 3 * Rounds; round++)
        {
            await load.GoOnAsync(100);
            Cluster.Proxies[round % 3].Cut();
        }

        await load.GoOnAsync(200);
        Assert.All(load.Clients, client => Assert.Equal(1, client.Connections));
        await load.CheckAsync();
    }

    [Fact]
    public async Task What_NOTIFY_does_not_bring_comes_all_the_same()
    {
        await Cluster.HealAsync();
        await using var load = await ClusterLoad.StartAsync(Cluster);
        for (var round = 0; round < 3 * Rounds; round++)
        {
            await load.GoOnAsync(100);
            Assert.InRange(await Cluster.CountAsync(NodesWithoutNotify), 1, 6);
        }

        await load.GoOnAsync(200);
        await load.CheckAsync();
    }

    [Fact]
    public async Task While_the_database_is_away_calls_are_refused_and_health_is_told()
    {
        await Cluster.HealAsync();
        await using var client = await TestClient.LogInAsync(Cluster[0], TestIds.NewUser());
        Cluster.Postgres.Hold();
        try
        {
            await Cluster[0].Http.ProblemAsync(
                HttpMethod.Post, "/api/v1/messages", HttpStatusCode.ServiceUnavailable, $$"""{"bizCode":5561,"data":{"content":"x"},"to":{"user":{{client.UserId}}} }""");
            Assert.Empty(await client.FlushAsync());
            // With NOTIFY a node without database takes no new clients, and keeps those that it has.
            await Wait.UntilAsync(async () => !await ServerCluster.IsReadyAsync(Cluster[0]), "the node to be unready");
            Assert.Empty(await client.FlushAsync());
        }
        finally
        {
            Cluster.Postgres.GoOn();
        }

        await Cluster.ReadyAsync();
        Assert.DoesNotContain(await client.FlushAsync(), frame => frame.Code != Code.Message);
    }
}
