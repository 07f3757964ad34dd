using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>What tests on the three nodes that nobody disturbs have in common.</summary>
[Collection(nameof(ThreeNodes))]
public abstract class ThreeNodeTests(ClusterFixture<Undisturbed> fixture)
{
    /// <summary>What a node hears of within a second, on a machine that others keep busy.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    protected ServerCluster Cluster => fixture.Cluster;

    protected ServerProcess One => Cluster[0];

    protected ServerProcess Two => Cluster[1];

    protected ServerProcess Three => Cluster[2];

    /// <summary>Who is online where, as a node tells it: connection ids in their order.</summary>
    protected static async Task<List<string>> SessionsAsync(ServerProcess node, long user) =>
        [.. (await node.GetAsync($"api/v1/users/{user}/online"))["sessions"]!.AsArray().Select(s => s!["connectionId"]!.GetValue<string>())];

    /// <summary>Waits until all nodes tell of so many sessions.</summary>
    protected Task SessionsEverywhereAsync(long user, int count) =>
        Cluster.EverywhereAsync(async node => (await SessionsAsync(node, user)).Count == count, $"{count} sessions");

    /// <summary>The next message must be this one. What the client said itself may come where the node had to read it from the log.</summary>
    protected static async Task<ReceivedFrame> HearsAsync(TestClient client, string content)
    {
        while (true)
        {
            var message = await client.ReceiveAsync(Code.Message);
            if (message.Content() != content && message.Data["senderId"]?.GetValue<long>() == client.UserId)
                continue;
            Assert.Equal(content, message.Content());
            return message;
        }
    }

    /// <summary>This message must come; one that a session before it had may come again.</summary>
    protected static async Task<ReceivedFrame> HearsAtLastAsync(TestClient client, string content)
    {
        while (true)
        {
            var message = await client.ReceiveAsync(Code.Message);
            if (message.Content() == content)
                return message;
        }
    }

    /// <summary>The end of a connection, as it is told: BYE and no reconnect.</summary>
    protected static async Task AssertEndedAsync(TestClient client, string reason)
    {
        var bye = (await client.DrainAsync())[^1];
        Assert.Equal((Code.Bye, reason, false), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]?.GetValue<bool>()));
    }

    /// <summary>The answer to a LOGIN with this token: LOGIN or an error's word.</summary>
    protected static async Task<string> LogInAnswerAsync(ServerProcess node, string token, long user)
    {
        await using var client = await node.PresentAsync(token, user);
        var answer = await client.ReceiveAsync();
        return answer.Code == Code.Login ? "LOGIN" : answer.Text("error") ?? answer.Body.ToJsonString();
    }

    protected static JsonObject Room(long room) => new() { ["roomId"] = room };
}
