using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>One-to-one messages between users on different nodes.</summary>
public sealed class ClusterDirectTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    private readonly long _ann = TestIds.NewUser();
    private readonly long _bob = TestIds.NewUser();

    private string Conversation => MessagingSteps.Direct(_ann, _bob);

    [Fact]
    public async Task A_message_reaches_all_devices_of_both_whatever_their_nodes()
    {
        await using var ann = await TestClient.LogInAsync(One, _ann);
        await using var annToo = await TestClient.LogInAsync(Two, _ann, Transport.WebSocketJson);
        await using var bob = await TestClient.LogInAsync(Three, _bob);
        await using var bobToo = await TestClient.LogInAsync(Two, _bob, Transport.WebSocketBinary);
        for (var i = 1; i <= 5; i++)
        {
            var receipt = await ann.ChatAndReceiptAsync(_bob, $"{i}");
            Assert.Equal((Conversation, (long)i), (receipt.Text("conversation"), receipt.Number("seq")));
            foreach (var client in new[] { annToo, bob, bobToo })
            {
                var message = await HearsAsync(client, $"{i}");
                Assert.Equal((Conversation, (long)i, receipt.Text("msgId")), (message.Text("conversation"), message.Number("seq"), message.Text("msgId")));
                Assert.Equal((receipt.Number("time"), client.UserId, _ann), (message.Number("time"), message.Number("userId"), message.Data.Number("senderId")));
            }
        }

        Assert.Empty(await ann.FlushAsync());
    }

    [Fact]
    public async Task Both_sides_on_different_nodes_are_seen_in_one_order_without_gap()
    {
        const int Each = 100;
        await using var ann = await TestClient.LogInAsync(One, _ann);
        await using var bob = await TestClient.LogInAsync(Two, _bob);
        await using var annToo = await TestClient.LogInAsync(Three, _ann);
        await Task.WhenAll(SpeakAsync(ann, _bob), SpeakAsync(bob, _ann));
        var log = await Two.WholeHistoryAsync(Conversation);
        Assert.Equal(2 * Each, log.Count);
        foreach (var message in log)
            Assert.Equal(message.Text("msgId"), (await annToo.ReceiveAsync(Code.Message)).Text("msgId"));

        static async Task SpeakAsync(TestClient client, long to)
        {
            for (var i = 0; i < Each; i++)
                await client.ChatAndReceiptAsync(to, $"{client.UserId} {i}");
        }
    }

    [Fact]
    public async Task What_came_while_a_user_was_away_is_counted_and_pulled_on_any_node()
    {
        await using var ann = await TestClient.LogInAsync(One, _ann);
        for (var i = 1; i <= 5; i++)
            await ann.ChatAndReceiptAsync(_bob, $"{i}");
        foreach (var node in Cluster.Nodes)
        {
            Assert.Equal(5, (await node.UnackedAsync(_bob))[Conversation]);
            await using var bob = await TestClient.LogInAsync(node, _bob);
            Assert.Equal(["1", "2", "3", "4", "5"], (await bob.SyncAsync()).Messages().Select(m => m.Content()));
            Assert.Equal(["4", "5"], (await bob.SyncAsync(new JsonObject { [Conversation] = 3 })).Messages().Select(m => m.Content()));
        }
    }

    [Fact]
    public async Task An_ack_on_one_node_counts_on_the_others_soon()
    {
        await using var ann = await TestClient.LogInAsync(One, _ann);
        await using var bob = await TestClient.LogInAsync(Three, _bob);
        for (var i = 1; i <= 3; i++)
            await ann.ChatAndReceiptAsync(_bob, $"{i}");
        await bob.AckUpToAsync(Conversation, 2);
        Assert.Equal([3L], (await bob.SyncAsync()).Messages().Select(m => m.Number("seq")));
        await using var elsewhere = await TestClient.LogInAsync(Two, _bob);
        await Wait.UntilAsync(
            async () => (await elsewhere.SyncAsync()).Messages().Select(m => m.Number("seq")).SequenceEqual([3]), Soon, "the ack to count for SYNC on another node");
        await Cluster.EverywhereAsync(async node => (await node.UnackedAsync(_bob)).GetValueOrDefault(Conversation) == 1, "one unacked", Soon);
    }

    [Fact]
    public async Task What_a_user_acked_before_it_logged_out_does_not_come_again_on_another_node()
    {
        await using var ann = await TestClient.LogInAsync(One, _ann);
        await using (var bob = await TestClient.LogInAsync(Two, _bob))
        {
            for (var i = 1; i <= 3; i++)
                await ann.ChatAndReceiptAsync(_bob, $"{i}");
            await bob.AckUpToAsync(Conversation, 3);
            await bob.FlushAsync();
            await bob.SendAsync(Code.Logout, new JsonObject());
            await bob.DrainAsync();
        }

        await SessionsEverywhereAsync(_bob, 0);
        await using var again = await TestClient.LogInAsync(Three, _bob);
        Assert.Empty((await again.SyncAsync()).Messages());
    }

    [Fact]
    public async Task One_key_on_several_nodes_at_once_is_one_message()
    {
        await using var ann = await TestClient.LogInAsync(One, _ann);
        await using var annToo = await TestClient.LogInAsync(Two, _ann);
        await using var bob = await TestClient.LogInAsync(Three, _bob);
        for (var round = 1; round <= 25; round++)
        {
            var key = $"key {round}";
            var body = $$"""{"bizCode":5555,"data":{"content":"{{key}}"},"from":{{_ann}},"clientMsgId":"{{key}}","to":{"user":{{_bob}}} }""";
            await Task.WhenAll(ann.ChatAsync(_bob, key, key), annToo.ChatAsync(_bob, key, key));
            var answer = await Three.Http.PostJsonAsync("/api/v1/messages", body);
            Assert.Equal(round, answer.Number("seq"));
            foreach (var client in new[] { ann, annToo })
                Assert.Equal(answer.Text("msgId"), (await client.ReceiptAsync(key)).Text("msgId"));
            Assert.Equal(answer.Text("msgId"), (await HearsAsync(bob, key)).Text("msgId"));
        }

        Assert.Equal(25, (await One.WholeHistoryAsync(Conversation)).Count);
    }

    [Fact]
    public async Task What_is_said_again_on_another_node_gets_the_first_receipt()
    {
        ReceivedFrame first;
        await using (var ann = await TestClient.LogInAsync(One, _ann))
            first = await ann.ChatAndReceiptAsync(_bob, "once", "once");
        await using var elsewhere = await TestClient.LogInAsync(Three, _ann);
        var again = await elsewhere.ChatAndReceiptAsync(_bob, "once", "once");
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
        Assert.Single(await Two.WholeHistoryAsync(Conversation));
    }

    [Fact]
    public async Task The_server_API_of_one_node_reaches_users_of_the_others_and_counts_them()
    {
        var cid = TestIds.NewUser();
        await using var bob = await TestClient.LogInAsync(Two, _bob);
        await using var bobToo = await TestClient.LogInAsync(Three, _bob);
        await using var other = await TestClient.LogInAsync(Three, cid);
        var one = await One.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5561,"data":{"content":"one"},"to":{"user":{{_bob}}} }""");
        Assert.Equal(1, one.Number("onlineUsers"));
        foreach (var client in new[] { bob, bobToo })
            Assert.Equal(one.Text("msgId"), (await HearsAsync(client, "one")).Text("msgId"));
        var many = await One.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5561,"data":{"content":"many"},"to":{"users":[{{_bob}},{{cid}},{{_ann}}]} }""");
        Assert.Equal(2, many.Number("onlineUsers"));
        foreach (var client in new[] { bob, bobToo, other })
            await HearsAsync(client, "many");
        Assert.Equal(1, (await Two.UnackedAsync(_ann))[MessagingSteps.Direct(0, _ann)]);
    }

    [Fact]
    public async Task What_is_said_to_all_reaches_the_users_of_all_nodes_and_is_not_stored()
    {
        List<TestClient> clients = [];
        foreach (var node in Cluster.Nodes)
            clients.Add(await TestClient.LogInAsync(node, TestIds.NewUser()));
        var answer = await Two.Http.PostJsonAsync("/api/v1/messages", """{"bizCode":5580,"data":{"content":"maintenance"},"to":{"all":true}}""");
        Assert.InRange(answer.Number("onlineUsers"), 3, long.MaxValue);
        Assert.Null(answer["seq"]);
        foreach (var client in clients)
        {
            Assert.Equal(answer.Text("msgId"), (await HearsAsync(client, "maintenance")).Text("msgId"));
            Assert.Empty(await Three.UnackedAsync(client.UserId));
            await client.DisposeAsync();
        }
    }
}
