using System.Diagnostics;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Sessions;

/// <summary>G8: what a user may do does not grow with his connections.</summary>
public sealed class UserLimitTests
{
    [Fact]
    public async Task Coming_back_brings_no_more_messages_than_the_rate()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=2", "Limits:MessagesBurst=10");
        var started = Stopwatch.GetTimestamp();
        var (stored, refused) = (0, 0);
        for (var round = 0; round < 8; round++)
        {
            await using var ann = await TestClient.LogInAsync(server, 10001);
            for (var i = 0; i < 10; i++)
                await ann.ChatAsync(10002, $"{round}.{i}", $"{round}.{i}");
            for (var i = 0; i < 10; i++)
            {
                var answer = await ann.ReceiveAsync();
                if (answer.Code == Code.Receipt)
                    stored++;
                else if (answer.Text("error") == "rate_limited")
                    refused++;
            }
        }

        Assert.Equal(80, stored + refused);
        Assert.InRange(stored, 10, 11 + (2 * Stopwatch.GetElapsedTime(started).TotalSeconds));
        Assert.Equal(stored, (await server.WholeHistoryAsync("d:10001:10002")).Count);
    }

    [Fact]
    public async Task Ten_connections_of_one_user_have_one_rate_and_another_user_his_own()
    {
        await using var server = await ServerProcess.StartAsync("Limits:SyncsPerSecond=1", "Limits:SyncsBurst=3", "Limits:JoinsPerSecond=1", "Limits:JoinsBurst=3");
        var clients = new List<TestClient>();
        try
        {
            for (var i = 0; i < 10; i++)
                clients.Add(await TestClient.LogInAsync(server, 10001, i % 2 == 0 ? Transport.Tcp : Transport.WebSocketJson));
            var started = Stopwatch.GetTimestamp();
            foreach (var code in new[] { Code.Sync, Code.Join })
            {
                var done = 0;
                foreach (var client in clients)
                {
                    await client.SendAsync(code, code == Code.Join ? new JsonObject { ["roomId"] = 7 } : []);
                    done += (await client.ReceiveAsync()).Code == code ? 1 : 0;
                }

                Assert.InRange(done, 3, 4 + Stopwatch.GetElapsedTime(started).TotalSeconds);
            }

            await using var bob = await TestClient.LogInAsync(server, 10002);
            await bob.SyncAsync();
            await bob.JoinAsync(7);
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_message_that_may_begin_no_conversation_takes_nothing_of_the_rate()
    {
        await using var server = await ServerProcess.StartAsync("Limits:NewConversationsPerHour=1", "Limits:MessagesPerSecond=1", "Limits:MessagesBurst=2");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await ann.ChatAndReceiptAsync(20001, "hello");
        for (var i = 0; i < 5; i++)
        {
            var refused = await ann.RefusedAsync("rate_limited", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = 20002 }, "x"));
            // Not for the rate of messages, of which the next would come within a second.
            Assert.InRange(refused.Number("retryAfterMs"), 60_000, 3_600_000);
        }

        await ann.ChatAndReceiptAsync(20001, "goes on");
    }

    [Fact]
    public async Task A_SYNC_of_many_conversations_weighs_as_much_as_several()
    {
        await using var server = await ServerProcess.StartAsync("Limits:SyncsPerSecond=1", "Limits:SyncsBurst=22");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        var after = new JsonObject();
        for (var i = 0; i < 100; i++)
            after[$"d:10001:{20001 + i}"] = 0;
        for (var i = 0; i < 2; i++)
            Assert.Empty((await ann.SyncAsync(after.DeepClone().AsObject())).Messages());
        var refusal = await ann.RefusedAsync("rate_limited", Code.Sync, new JsonObject { ["after"] = after });
        Assert.InRange(refusal.Number("retryAfterMs"), 1, 11_000);
    }

    [Fact]
    public async Task Bytes_over_their_rate_are_refused_with_a_time_and_small_messages_go_on()
    {
        // It takes four seconds until a third long one would be allowed.
        await using var server = await ServerProcess.StartAsync("Limits:BytesPerSecond=1000", "Limits:BytesBurst=8000");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var text = new string('x', 3900);
        await ann.ChatAsync(10003, text, "a");
        await ann.ReceiptAsync("a");
        await ann.ChatAsync(10003, text, "b");
        await ann.ReceiptAsync("b");
        var refused = await ann.RefusedAsync("rate_limited", Code.Message, TestClient.Chat(new JsonObject { ["content"] = text, ["objectId"] = 10003 }, "c"));
        Assert.Equal("c", refused.Text("clientMsgId"));
        Assert.InRange(refused.Number("retryAfterMs"), 1, 8000);
        await ann.ChatAndReceiptAsync(10003, "small");
        await bob.ChatAndReceiptAsync(10003, text);
        await (await ann.RefusedAsync("rate_limited", Code.Message, TestClient.Chat(new JsonObject { ["content"] = text, ["objectId"] = 10003 }, "d"))).RetryAfterAsync();
        await ann.ChatAndReceiptAsync(10003, text);
    }

    [Fact]
    public async Task New_conversations_over_their_rate_are_refused_and_old_ones_go_on()
    {
        await using var server = await ServerProcess.StartAsync("Limits:NewConversationsPerHour=3");
        await using (var ann = await TestClient.LogInAsync(server, 10001))
        {
            // Many messages on their way into one new conversation begin it once.
            for (var i = 0; i < 10; i++)
                await ann.ChatAsync(20001, $"{i}", $"{i}");
            await ann.ReceiptAsync("9");
            await ann.ChatAndReceiptAsync(20002, "hello");
        }

        await using var again = await TestClient.LogInAsync(server, 10001);
        await again.JoinAsync(7);
        await again.ChatInRoomAsync(7, "a room's first message begins it", "room");
        await again.ReceiptAsync("room");
        var refused = await again.RefusedAsync("rate_limited", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = 20003 }, "x"));
        Assert.InRange(refused.Number("retryAfterMs"), 1, 1_200_000);
        await again.ChatAndReceiptAsync(20001, "goes on");
        await again.ChatInRoomAsync(7, "goes on", "more");
        await again.ReceiptAsync("more");

        // What others began is no new conversation, and theirs are their own.
        await using var bob = await TestClient.LogInAsync(server, 20003);
        await bob.ChatAndReceiptAsync(10001, "hello");
        await again.ChatAndReceiptAsync(20003, "hello yourself");
    }

    [Fact]
    public async Task JOINs_by_the_seeds_path_have_the_users_rate_too()
    {
        const int Count = 10;
        await using var server = await ServerProcess.StartAsync("Limits:JoinsPerSecond=1", "Limits:JoinsBurst=2");
        var clock = Stopwatch.StartNew();
        var clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => TestClient.LogInAsync(server, 10001, Transport.WebSocketLegacy, legacyRoom: 71 + i)));
        try
        {
            var joins = 0;
            for (var i = 0; i < Count; i++)
            {
                if ((await clients[i].FlushAsync()) is not [var error])
                {
                    joins++;
                    continue;
                }

                Assert.Equal((Code.Error, "rate_limited", 71L + i), (error.Code, error.Text("error"), error.Number("roomId")));
                Assert.InRange(error.Number("retryAfterMs"), 1, 1000);
                Assert.Equal(0, (await server.GetAsync($"api/v1/rooms/{71 + i}"))["viewers"]!.GetValue<long>());
            }

            Assert.InRange(joins, 2, 2 + (int)clock.Elapsed.TotalSeconds);
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }
}
