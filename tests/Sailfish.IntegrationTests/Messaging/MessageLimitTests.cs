using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>G8: rates, words, a full disk, full queues, peers that do not read.</summary>
public sealed class MessageLimitTests
{
    [Fact]
    public async Task Over_the_rate_is_refused_with_a_time_after_which_it_is_allowed()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=5", "Limits:MessagesBurst=5");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 30; i++)
            await ann.ChatAsync(10003, $"{i}", $"{i}");
        List<ReceivedFrame> answers = [];
        while (answers.Count < 30)
            answers.Add(await ann.ReceiveAsync());
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var refused = answers.Where(f => f.Code == Code.Error).ToList();
        var stored = answers.Where(f => f.Code == Code.Receipt).ToList();
        Assert.InRange(stored.Count, 5, 6 + (5 * seconds));
        Assert.All(refused, f => Assert.Equal("rate_limited", f.Text("error")));
        Assert.All(refused, f => Assert.InRange(f.Number("retryAfterMs"), 1, 1000));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}").Order(), answers.Select(f => f.Text("clientMsgId")).Order());
        Assert.Equal(stored.Select(f => f.Text("clientMsgId")), (await server.WholeHistoryAsync("d:10001:10003")).Select(m => m.Content()));

        // Another user has a rate of his own; and the first one may go on after the time it was told.
        await bob.ChatAndReceiptAsync(10003, "mine");
        await refused[^1].RetryAfterAsync();
        await ann.ChatAndReceiptAsync(10003, "later", "later");
    }

    [Fact]
    public async Task SYNCs_and_JOINs_over_their_rates_are_refused_and_each_succeeds_after_the_time_it_was_told()
    {
        await using var server = await ServerProcess.StartAsync(
            "Limits:SyncsPerSecond=5", "Limits:SyncsBurst=3", "Limits:JoinsPerSecond=5", "Limits:JoinsBurst=3");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002, Transport.WebSocketJson);
        var join = new JsonObject { ["roomId"] = 7 };
        foreach (var (code, body, room) in new[] { (Code.Sync, new JsonObject(), (long?)null), (Code.Join, join, 7) })
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20; i++)
                await ann.SendAsync(code, body.DeepClone());
            var answers = new List<ReceivedFrame>();
            while (answers.Count < 20)
                answers.Add(await ann.ReceiveAsync());
            var refused = answers.Where(f => f.Code == Code.Error).ToList();
            Assert.InRange(20 - refused.Count, 3, 4 + (5 * Stopwatch.GetElapsedTime(started).TotalSeconds));
            Assert.All(refused, f => Assert.Equal(("rate_limited", room), (f.Text("error"), f.Body["roomId"]?.GetValue<long>())));
            Assert.All(refused, f => Assert.InRange(f.Number("retryAfterMs"), 1, 200));
            // One that asks for nothing is answered all the same, another user is not held back, nor is what else is sent.
            Assert.Empty((await ann.SyncAsync([])).Messages());
            await bob.SyncAsync();
            await bob.JoinAsync(7);
            await ann.ChatAndReceiptAsync(10003, "hello");
            await refused[^1].RetryAfterAsync();
            await ann.SendAsync(code, body.DeepClone());
            Assert.Equal(code, (await ann.ReceiveAsync()).Code);
        }

        // The SYNCs of before took nothing from the JOINs: she is in the room.
        await ann.ChatInRoomAsync(7, "hello", "c");
        await ann.ReceiptAsync("c");
    }

    [Fact]
    public async Task The_rates_as_shipped_let_a_client_come_back_to_all_its_rooms_and_pull_many_pages()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        for (var i = 0; i < 150; i++)
            await ann.ChatAsync(10002, $"{i}", $"{i}");
        await ann.ReceiptAsync("149");
        await using var bob = await TestClient.LogInAsync(server, 10002);
        for (var round = 0; round < 5; round++)
        {
            for (var room = 1; room <= 20; room++)
                await bob.JoinAsync(room);
        }

        var after = 0L;
        for (var page = 0; page < 150; page++)
            after = Assert.Single((await bob.SyncAsync(new JsonObject { ["d:10001:10002"] = after }, limit: 1)).Messages()).Number("seq");
        Assert.Equal(150, after);
    }

    [Theory]
    [InlineData("Refuse")]
    [InlineData("Mask")]
    public async Task Words_of_the_list_are_refused_or_masked_and_put_on_record(string action)
    {
        await using var server = await ServerProcess.StartAsync("Content:Words:0=badword", "Content:Words:1=赌博", $"Content:Action={action}");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await ann.JoinAsync(7);
        string[] contents = ["such a BadWord here", "BADWORD", "去赌博"];
        foreach (var content in contents)
        {
            if (action == "Mask")
                await ann.ChatAndReceiptAsync(10002, content);
            else
                Assert.Equal("key", (await ann.RefusedAsync("content_refused", Code.Message, TestClient.Chat(new JsonObject { ["content"] = content, ["objectId"] = 10002 }, "key"))).Text("clientMsgId"));
        }

        await ann.ChatAndReceiptAsync(10002, "good words");
        await ann.ChatInRoomAsync(7, "badword in a room", "room");
        Assert.Equal(action == "Mask" ? Code.Receipt : Code.Error, (await ann.ReceiveAsync()).Code);
        Assert.Equal(
            action == "Mask" ? ["such a ******* here", "*******", "去**", "good words"] : ["good words"],
            (await server.WholeHistoryAsync("d:10001:10002")).Select(m => m.Content()));

        await Wait.UntilAsync(() => server.Sql("SELECT count(*) FROM risk_record", c => (long)c.ExecuteScalar()!) == 4, "the risk records");
        var records = server.Sql("SELECT user_id, conversation, action, word, content FROM risk_record ORDER BY id", command =>
        {
            using var reader = command.ExecuteReader();
            List<(long, string, string, string, string)> rows = [];
            while (reader.Read())
                rows.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
            return rows;
        });
        var done = action == "Mask" ? "masked" : "refused";
        Assert.Equal(
            [
                (10001, "d:10001:10002", done, "badword", contents[0]),
                (10001, "d:10001:10002", done, "badword", contents[1]),
                (10001, "d:10001:10002", done, "赌博", contents[2]),
                (10001, "r:7", done, "badword", "badword in a room"),
            ],
            records);
    }

    [Fact]
    public async Task A_full_database_refuses_what_it_cannot_store_and_serves_what_it_has()
    {
        await using var server = await ServerProcess.StartAsync("Storage:MaxSizeMiB=1", "Limits:MessagesPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002, Transport.WebSocketBinary);
        await bob.JoinAsync(7);
        await ann.JoinAsync(7);
        var text = new string('x', 3900);
        Dictionary<string, ReceivedFrame> answers = [];
        var sent = 0;
        while (answers.Values.Count(f => f.Code == Code.Error) < 100)
        {
            Assert.True(sent < 5000, "The database never fills.");
            for (var i = 0; i < 50; i++, sent++)
                await (sent % 2 == 0 ? ann.ChatAsync(10003, $"{sent} {text}", $"{sent}") : ann.ChatInRoomAsync(7, $"{sent} {text}", $"{sent}"));
            while (answers.Count < sent)
            {
                var frame = await ann.ReceiveAsync();
                answers.Add(frame.Text("clientMsgId")!, frame);
            }
        }

        Assert.All(answers.Values.Where(f => f.Code == Code.Error), f => Assert.Equal("not_stored", f.Text("error")));
        Assert.All(answers.Values.Where(f => f.Code == Code.Error), f => Assert.Contains("Sailfish:Storage:MaxSizeMiB", f.Text("message")));
        await server.SaidAsync("the database has reached Sailfish:Storage:MaxSizeMiB");
        Assert.Equal(1, Regex.Count(server.Output, "the database has reached Sailfish:Storage:MaxSizeMiB"));
        Assert.InRange(new FileInfo(Path.Combine(server.DataDir, "sailfish.db")).Length, 1, 1024 * 1024);
        var receipted = answers.Where(a => a.Value.Code == Code.Receipt).Select(a => a.Key).Order().ToList();
        Assert.NotEmpty(receipted);
        async Task<List<string>> StoredAsync() =>
            [.. (await server.WholeHistoryAsync("d:10001:10003")).Concat(await server.WholeHistoryAsync("r:7")).Select(m => m.Content().Split(' ')[0]).Order()];
        Assert.Equal(receipted, await StoredAsync());
        Assert.All((await bob.FlushAsync()).Where(f => f.Code == Code.Message), m => Assert.Contains(m.Content().Split(' ')[0], receipted));
        using (var response = await server.Http.PostAsJsonAsync("api/v1/messages", new JsonObject
        {
            ["bizCode"] = 5555,
            ["to"] = new JsonObject { ["users"] = new JsonArray(10004, 10005) },
            ["data"] = new JsonObject { ["content"] = new string('x', 7000) },
        }))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("Sailfish:Storage:MaxSizeMiB", await response.Content.ReadAsStringAsync());
        }

        // Room again after a restart without the limit's neighbour: seqs go on where they were.
        await server.StopAsync();
        server.Sql("DELETE FROM message WHERE seq = 1");
        await server.StartAgainAsync();
        await using var again = await TestClient.LogInAsync(server, 10001);
        var before = (await server.HistoryAsync("d:10001:10003")).Select(m => m.Number("seq")).DefaultIfEmpty(1).Max();
        Assert.Equal(before + 1, (await again.ChatAndReceiptAsync(10003, "again")).Number("seq"));
    }

    [Theory]
    [InlineData("Storage:QueueLength=16")]
    [InlineData("Rooms:MaxInFlight=1")]
    public async Task A_flood_through_small_queues_is_receipted_to_the_last(string setting)
    {
        const int Senders = 8;
        const int PerSender = 150;
        await using var server = await ServerProcess.StartAsync(setting, "Limits:MessagesPerSecond=0");
        List<TestClient> clients = [];
        for (var i = 0; i < Senders; i++)
        {
            clients.Add(await TestClient.LogInAsync(server, 10001 + i));
            await clients[i].JoinAsync(7);
        }

        await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < PerSender; i++)
                    await client.ChatInRoomAsync(7, "flood", $"{i}");
            });
            HashSet<string> receipts = [];
            while (receipts.Count < PerSender)
            {
                var frame = await client.ReceiveAsync();
                Assert.False(frame.Code == Code.Error, frame.Body.ToJsonString());
                if (frame.Code == Code.Receipt)
                    Assert.True(receipts.Add(frame.Text("clientMsgId")!));
            }

            await sending;
        })));
        Assert.Equal(Senders * PerSender, (await server.WholeHistoryAsync("r:7")).Count);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_asks_for_much_reads_nothing_and_resets_is_gone_soon()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:MaxOutboxBytes=16384", "Limits:MessagesPerSecond=0", "Limits:SyncsPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        for (var i = 0; i < 20; i++)
            await ann.ChatAndReceiptAsync(10002, $"{i} {new string('x', 3900)}");
        await using var bob = await LargeAnswers.LogInAsync(server, 10002);
        // Until the server stops reading: it waits for this client to read its answers.
        var syncs = Enumerable.Repeat(LargeAnswers.Request, 2000).SelectMany(f => f).ToArray();
        await bob.SendUntilStuckAsync(syncs, long.MaxValue);
        bob.Socket.LingerState = new LingerOption(true, 0);
        bob.Socket.Close();
        await Wait.UntilAsync(async () => !(await server.GetAsync("api/v1/users/10002/online"))["online"]!.GetValue<bool>(), "the session to end");
    }
}
