using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>All users of a node come back at once on the others.</summary>
[Collection(nameof(BusyTests))]
public sealed class ReturnTests
{
    /// <summary>More than a quiet machine needs, and less than a storm of retries takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static int Users => LongTests.AreOn ? 6000 : 2000;

    [Fact]
    public async Task All_are_in_again_and_have_what_was_said_meanwhile()
    {
        await using var cluster = await ServerCluster.StartAsync(new ClusterPlan());
        var room = TestIds.NewRoom();
        var users = Enumerable.Range(0, Users).Select(_ => TestIds.NewUser()).ToList();
        await using var speaker = await TestClient.LogInAsync(cluster[1], TestIds.NewUser());
        await speaker.JoinAsync(room);
        List<TestClient> before = [];
        foreach (var some in users.Chunk(100))
            before.AddRange(await Task.WhenAll(some.Select(user => ComeAsync(cluster[0], user, room))));
        Assert.Equal(Users, await cluster.CountAsync("SELECT count(*) FROM session") - 1);

        await cluster[0].KillAsync();
        await speaker.ChatInRoomAsync(room, "while you were away", "room");
        await speaker.ReceiptAsync("room");
        var returned = Task.WhenAll(users.Select((user, i) => ComeBackAsync(cluster[1 + (i % 2)], user, room)));
        var after = await returned.WaitAsync(Limit);
        await speaker.ChatInRoomAsync(room, "welcome back", "back");
        foreach (var client in after)
        {
            while ((await client.ReceiveAsync(Code.Message)).Content() != "welcome back")
            {
                // What it had by SYNC, too.
            }
        }

        await Wait.UntilAsync(async () => await cluster.CountAsync("SELECT count(*) FROM session JOIN node ON node = generation") == Users + 1, "each to be listed once");
        foreach (var client in before.Concat(after))
            await client.DisposeAsync();
    }

    private static async Task<TestClient> ComeAsync(ServerProcess node, long user, long room)
    {
        var client = await TestClient.LogInAsync(node, user, device: "phone");
        await client.JoinAsync(room);
        return client;
    }

    private static async Task<TestClient> ComeBackAsync(ServerProcess node, long user, long room)
    {
        var client = await TestClient.OpenAsync(node);
        var token = TestTokens.Mint(node, user);
        await client.SendAsync(Code.Login, new JsonObject { ["token"] = token, ["userId"] = user, ["appId"] = node.AppId, ["protocol"] = 2, ["deviceId"] = "phone" });
        Assert.Equal(Code.Login, (await client.ReceiveAsync(Limit)).Code);
        await client.SendAsync(Code.Join, new JsonObject { ["roomId"] = room });
        await client.ReceiveAsync(Code.Join, Limit);
        await client.SendAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { [$"r:{room}"] = 0 } });
        var page = await client.ReceiveAsync(Code.Sync, Limit);
        Assert.Equal("while you were away", Assert.Single(page.Body.Messages()).Content());
        return client;
    }
}
