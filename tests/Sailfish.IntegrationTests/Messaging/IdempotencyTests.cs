using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>G4: one (sender, clientMsgId) within a conversation is one message.</summary>
public sealed class IdempotencyTests
{
    [Fact]
    public async Task The_same_clientMsgId_is_one_message_on_any_connection_and_after_a_crash()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001, device: "a");
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var first = await ann.ChatAndReceiptAsync(10002, "hello", "key");
        AssertSame(first, await ann.ChatAndReceiptAsync(10002, "hello", "key"));
        // Other words: the key says that it is the same.
        AssertSame(first, await ann.ChatAndReceiptAsync(10002, "other", "key"));
        await using (var annToo = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson, device: "b"))
            AssertSame(first, await annToo.ChatAndReceiptAsync(10002, "hello", "key"));
        await ann.DisposeAsync();
        await using (var annAgain = await TestClient.LogInAsync(server, 10001))
            AssertSame(first, await annAgain.ChatAndReceiptAsync(10002, "hello", "key"));

        Assert.Equal("hello", (await bob.ReceiveAsync()).Content());
        Assert.Empty(await bob.FlushAsync());

        await server.KillAsync();
        await server.StartAgainAsync();
        await using (var annAgain = await TestClient.LogInAsync(server, 10001))
            AssertSame(first, await annAgain.ChatAndReceiptAsync(10002, "hello", "key"));
        Assert.Equal("hello", Assert.Single(await server.WholeHistoryAsync("d:10001:10002")).Content());
    }

    [Fact]
    public async Task The_same_clientMsgId_in_another_conversation_is_another_message_also_after_a_crash()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var bob = await TestClient.LogInAsync(server, 10002);
        await bob.JoinAsync(7);
        Dictionary<string, ReceivedFrame> first = [];
        for (var round = 0; round < 2; round++)
        {
            await using var ann = await TestClient.LogInAsync(server, 10001);
            await ann.JoinAsync(7);
            foreach (var (conversation, send) in new (string, Func<Task>)[]
            {
                ("d:10001:10002", () => ann.ChatAsync(10002, "to bob", "key")),
                ("d:10001:10003", () => ann.ChatAsync(10003, "to carol", "key")),
                ("r:7", () => ann.ChatInRoomAsync(7, "to the room", "key")),
            })
            {
                await send();
                var receipt = await ann.ReceiptAsync("key");
                Assert.Equal(conversation, receipt.Text("conversation"));
                AssertSame(first.GetValueOrDefault(conversation, receipt), receipt);
                first[conversation] = receipt;
            }

            if (round > 0)
                break;
            foreach (var content in new[] { "to bob", "to the room" })
                Assert.Equal(content, (await bob.ReceiveAsync(Code.Message)).Content());
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        foreach (var conversation in first.Keys)
            Assert.Single(await server.WholeHistoryAsync(conversation));
    }

    [Fact]
    public async Task Two_connections_with_the_same_keys_at_the_same_time_store_each_once()
    {
        const int Count = 200;
        // Nobody acks here, and on a slow machine the same message would come again for that.
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Gateway:AckTimeoutSeconds=600");
        await using var one = await TestClient.LogInAsync(server, 10001, device: "a");
        await using var other = await TestClient.LogInAsync(server, 10001, Transport.WebSocketBinary, device: "b");
        await using var watch = await TestClient.LogInAsync(server, 10002);
        var receipts = await Task.WhenAll(new[] { one, other }.Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
                await client.ChatAsync(10002, $"{i}", $"key {i}");
            Dictionary<string, ReceivedFrame> mine = [];
            while (mine.Count < Count)
            {
                var receipt = await client.ReceiveAsync(Code.Receipt);
                mine.Add(receipt.Text("clientMsgId")!, receipt);
            }

            return mine;
        })));
        foreach (var (key, receipt) in receipts[0])
            AssertSame(receipt, receipts[1][key]);
        Assert.Equal(Count, (await server.WholeHistoryAsync("d:10001:10002")).Count);
        Assert.Equal(Count, (await watch.FlushAsync()).Count(f => f.Code == Code.Message));
    }

    [Fact]
    public async Task The_same_key_of_another_sender_or_none_is_another_message()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var first = await ann.ChatAndReceiptAsync(10002, "from ann", "key");
        var second = await bob.ChatAndReceiptAsync(10001, "from bob", "key");
        var third = await ann.ChatAndReceiptAsync(10002, "in capitals", "KEY");
        Assert.Equal([1, 2, 3], new[] { first, second, third }.Select(r => r.Number("seq")));
        await ann.ChatAsync(10002, "no key");
        await ann.ChatAsync(10002, "no key");
        await Wait.UntilAsync(async () => (await server.WholeHistoryAsync("d:10001:10002")).Count == 5, "five messages");
        Assert.DoesNotContain(await ann.FlushAsync(), f => f.Code == Code.Receipt);
    }

    [Fact]
    public async Task A_key_repeated_in_a_room_is_receipted_and_not_pushed_again()
    {
        await using var server = await ServerProcess.StartAsync("Rooms:MaxInFlight=2", "Limits:MessagesPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        await ann.JoinAsync(7);
        await bob.JoinAsync(7);
        await ann.ChatInRoomAsync(7, "hello", "key");
        var first = await ann.ReceiptAsync("key");
        // More often than the room lets through at once: each repeat must count itself out again.
        for (var i = 0; i < 10; i++)
        {
            await ann.ChatInRoomAsync(7, "hello", "key");
            AssertSame(first, await ann.ReceiptAsync("key"));
        }

        Assert.Equal("hello", Assert.Single(await bob.FlushAsync()).Content());
    }

    private static void AssertSame(ReceivedFrame first, ReceivedFrame second)
    {
        foreach (var member in new[] { "clientMsgId", "msgId", "conversation" })
            Assert.Equal(first.Text(member), second.Text(member));
        Assert.Equal((first.Number("seq"), first.Number("time")), (second.Number("seq"), second.Number("time")));
    }
}
