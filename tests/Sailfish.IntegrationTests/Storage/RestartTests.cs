using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What a restart keeps, and what age takes away.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Acked_positions_outlive_a_graceful_restart_and_holes_come_at_most_again()
    {
        await using var server = await ServerProcess.StartAsync();
        await using (var ann = await TestClient.LogInAsync(server, 10001))
        await using (var bob = await TestClient.LogInAsync(server, 10002))
        {
            for (var i = 1; i <= 6; i++)
                await ann.ChatAndReceiptAsync(10002, $"{i}");
            List<ReceivedFrame> messages = [];
            while (messages.Count < 6)
                messages.Add(await bob.ReceiveAsync(Code.Message));
            foreach (var seq in new[] { 1, 2, 3, 5 })
                await bob.AckAsync(messages[seq - 1]);
            await bob.FlushAsync();
        }

        Assert.Equal(0, await server.StopAsync());
        await server.StartAgainAsync();
        await using var again = await TestClient.LogInAsync(server, 10002);
        var left = (await again.SyncAsync()).Messages().Select(m => m.Number("seq")).ToList();
        // Never less than what is unacked; the one beyond the hole may come twice.
        Assert.Equal([4, 6], left.Where(s => s != 5));
        await again.AckUpToAsync("d:10001:10002", 6);
        await again.FlushAsync();
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Empty(await server.UnackedAsync(10002));
    }

    [Fact]
    public async Task Aged_messages_go_seqs_go_on_and_sync_tells_of_the_gap()
    {
        await using var server = await ServerProcess.StartAsync("Storage:RetentionDays=10", "Storage:RetentionIntervalSeconds=1", "Limits:MessagesPerSecond=0");
        await using (var ann = await TestClient.LogInAsync(server, 10001))
        {
            await ann.JoinAsync(7);
            for (var i = 1; i <= 6; i++)
                await ann.ChatAndReceiptAsync(10002, $"{i}");
            for (var i = 1; i <= 3; i++)
            {
                await ann.ChatInRoomAsync(7, $"{i}", $"room {i}");
                await ann.ReceiptAsync($"room {i}");
            }
        }

        await server.StopAsync();
        server.Sql($"UPDATE message SET created_at = {DateTimeOffset.UtcNow.AddDays(-11).ToUnixTimeMilliseconds()} WHERE seq <= 4");
        await server.StartAgainAsync();
        // The room's are all gone; the two youngest of the conversation stand before them and stay.
        await Wait.UntilAsync(async () => (await server.HistoryAsync("d:10001:10002")).Count == 2, "the retention");
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var page = await bob.SyncAsync(new JsonObject { ["d:10001:10002"] = 1 });
        Assert.True(page["truncated"]!.GetValue<bool>());
        Assert.Equal(5, page["firstSeq"]!["d:10001:10002"]!.GetValue<long>());
        Assert.Equal([5, 6], page.Messages().Select(m => m.Number("seq")));
        var whole = await bob.SyncAsync(new JsonObject { ["d:10001:10002"] = 4 });
        Assert.False(whole.ContainsKey("truncated"));
        Assert.Equal([5, 6], whole.Messages().Select(m => m.Number("seq")));
        Assert.Equal([5, 6], (await bob.SyncAsync()).Messages().Select(m => m.Number("seq")));
        Assert.Equal(2, (await server.UnackedAsync(10002))["d:10001:10002"]);

        await server.StopAsync();
        server.Sql("UPDATE message SET created_at = 1");
        await server.StartAgainAsync();
        await Wait.UntilAsync(async () => (await server.HistoryAsync("d:10001:10002")).Count + (await server.HistoryAsync("r:7")).Count == 0, "the retention");
        await using var bobAgain = await TestClient.LogInAsync(server, 10002);
        var none = await bobAgain.SyncAsync(new JsonObject { ["d:10001:10002"] = 2 });
        Assert.Equal((true, 7L), (none["truncated"]!.GetValue<bool>(), none["firstSeq"]!["d:10001:10002"]!.GetValue<long>()));
        Assert.Empty(await server.UnackedAsync(10002));
        Assert.Equal(3, (await bobAgain.JoinAsync(7, history: 10)).Number("seq"));
        Assert.Equal(7, (await bobAgain.ChatAndReceiptAsync(10001, "on it goes")).Number("seq"));
        await bobAgain.ChatInRoomAsync(7, "here too", "r");
        Assert.Equal(4, (await bobAgain.ReceiptAsync("r")).Number("seq"));
    }

    [Fact]
    public async Task Retention_takes_a_rooms_messages_from_memory_too()
    {
        await using var server = await ServerProcess.StartAsync("Storage:RetentionDays=10", "Storage:RetentionIntervalSeconds=1");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await ann.JoinAsync(7);
        for (var i = 1; i <= 3; i++)
        {
            await ann.ChatInRoomAsync(7, $"{i}", $"room {i}");
            await ann.ReceiptAsync($"room {i}");
        }

        Assert.Equal([1, 2, 3], (await ann.SyncAsync(new JsonObject { ["r:7"] = 0 })).Messages().Select(m => m.Number("seq")));
        server.Sql("UPDATE message SET created_at = 1");
        await Wait.UntilAsync(async () => (await server.HistoryAsync("r:7")).Count == 0, "the retention");
        var none = await ann.SyncAsync(new JsonObject { ["r:7"] = 0 });
        Assert.Empty(none.Messages());
        Assert.Equal(4, none["firstSeq"]!["r:7"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_page_with_many_gaps_and_one_big_message_still_fits_a_frame()
    {
        await using var server = await ServerProcess.StartAsync("Storage:RetentionDays=10", "Storage:RetentionIntervalSeconds=1", "Limits:MessagesPerSecond=0", "Content:MaxExtraBytes=55000");
        const long Bob = 4_503_599_627_370_495;
        var others = Enumerable.Range(0, 99).Select(i => 4_503_599_627_370_000 + i).ToList();
        await server.PostAsync("api/v1/messages", new JsonObject
        {
            ["bizCode"] = 5555,
            ["from"] = Bob,
            ["to"] = new JsonObject { ["users"] = new JsonArray([.. others.Select(o => (JsonNode)o)]) },
            ["data"] = new JsonObject { ["content"] = "old" },
        });
        await server.StopAsync();
        server.Sql("UPDATE message SET created_at = 1");
        await server.StartAgainAsync();
        await Wait.UntilAsync(async () => (await server.HistoryAsync(MessagingSteps.Direct(Bob, others[^1]))).Count == 0, "the retention");

        await using var bob = await TestClient.LogInAsync(server, Bob);
        // The largest that is taken.
        var size = 65_000;
        while (true)
        {
            await bob.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = "big", ["objectId"] = 10001, ["pad"] = new string('x', size) }, $"{size}"));
            if ((await bob.ReceiveAsync()).Code == Code.Receipt)
                break;
            size -= 250;
        }

        var after = new JsonObject(others.Select(o => MessagingSteps.Direct(Bob, o)).Append(MessagingSteps.Direct(Bob, 10001)).Select(c => KeyValuePair.Create(c, (JsonNode?)0)));
        var page = await bob.SyncAsync(after);
        Assert.Equal(99, page["firstSeq"]!.AsObject().Count);
        Assert.Equal("big", Assert.Single(page.Messages()).Content());
        Assert.InRange(Encoding.UTF8.GetByteCount(page.ToJsonString(MessagingSteps.Relaxed)), 50_000, 65_536);
    }
}
