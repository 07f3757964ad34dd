using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>The limit on new conversations is one for all nodes.</summary>
public sealed class NewConversationTests
{
    [Fact]
    public async Task Who_has_begun_all_on_one_node_begins_none_on_another_and_goes_on_with_the_old_ones()
    {
        var postgres = await SharedPostgres.ServerAsync();
        var database = await SharedPostgres.NewDatabaseAsync();
        string[] settings = [$"Cluster:Database={postgres.ConnectionString(database)}", "Limits:NewConversationsPerHour=2"];
        await using (var one = await ServerProcess.StartAsync(settings))
        await using (var two = await ServerProcess.StartAsync(settings))
        {
            await using (var here = await TestClient.LogInAsync(one, 10001))
                await here.ChatAndReceiptAsync(20001, "one");
            await using (var there = await TestClient.LogInAsync(two, 10001))
                await there.ChatAndReceiptAsync(20002, "two");
            foreach (var node in new[] { one, two })
            {
                await using var again = await TestClient.LogInAsync(node, 10001);
                var refused = await again.RefusedAsync("rate_limited", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = 20003 }, "x"));
                Assert.InRange(refused.Number("retryAfterMs"), 1, 1_800_000);
                await again.ChatAndReceiptAsync(20001, "goes on");
                await again.ChatAndReceiptAsync(20002, "goes on");
            }
        }

        await postgres.DropDatabaseAsync(database);
    }
}
