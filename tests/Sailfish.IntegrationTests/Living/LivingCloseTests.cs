using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>The end of a living room is the last entry of its log: for everybody in the room, whatever happens beside it.</summary>
public sealed class LivingCloseTests
{
    private const long FirstViewer = 20_000;
    private const long FirstSender = 30_000;

    private static readonly string[] Settings =
        ["Accounts:AttemptsPerMinute=0", "Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0", "Limits:ConnectionsPerIpPerSecond=0", "Http:PageDir=/nonexistent"];

    [Fact]
    public async Task What_is_said_while_a_room_closes_reaches_all_of_its_viewers_or_is_refused()
    {
        const int Senders = 6, Each = 150;
        await using var server = await ServerProcess.StartAsync([.. Settings, "Gateway:MaxOutboxBytes=4194304"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        var viewers = await JoinAllAsync(server, FirstViewer, 70, room);
        var senders = await JoinAllAsync(server, FirstSender, Senders, room);
        var reading = viewers.Select(ReadToEndOfRoomAsync).ToList();
        var sending = senders.Select((sender, s) => SpeakAsync(sender, s, room, Each)).ToList();
        await Wait.UntilAsync(async () => (await server.HistoryAsync($"r:{room}")).Count > 0, "the first message to be stored");
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));

        var log = await server.WholeHistoryAsync($"r:{room}");
        Assert.Equal(5570, log[^1].Number("bizCode"));
        var said = log.SkipLast(1).Select(m => m.Content()).ToList();
        foreach (var told in await Task.WhenAll(reading))
            Assert.Equal(log.Select(m => m.Text("msgId")), told.Select(m => m.Text("msgId")));
        var spoken = await Task.WhenAll(sending);
        Assert.Equal(said.Order(), spoken.SelectMany(s => s.Receipted).Order());
        Assert.Equal(Senders * Each, spoken.Sum(s => s.Receipted.Count + s.Refused.Count));
        for (var s = 0; s < Senders; s++)
            Assert.Equal(said.Where(c => !spoken[s].Receipted.Contains(c)).Append("end"), spoken[s].Heard);
        foreach (var client in viewers.Concat(senders))
        {
            Assert.Empty(await client.FlushAsync());
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task While_the_end_is_being_stored_the_room_is_there_and_what_comes_after_it_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var fan = await PageClient.SignUpAsync(server);
        await using var viewer = await fan.ConnectAsync(room);
        await using var sender = await JoinAsync(server, FirstSender, room);
        await using var late = await TestClient.LogInAsync(server, FirstViewer);
        var answers = new List<ReceivedFrame>();
        Task<PageReply> closing;
        using (new HeldDatabase(server))
        {
            for (var i = 1; i <= 5; i++)
                await sender.ChatInRoomAsync(room, $"before {i}", $"before {i}");
            await sender.FlushAsync();
            closing = anchor.PostAsync("/living/closeLiving", ("roomId", room));
            await Wait.UntilAsync(async () => (await fan.PostAsync("/living/like", ("roomId", room))).Code == 501, "the counts to be final");
            await late.JoinAsync(room, history: 10);
            for (var i = 1; i <= 5; i++)
                await sender.ChatInRoomAsync(room, $"after {i}", $"after {i}");
            // What is refused waits for nothing.
            answers.AddRange((await sender.FlushAsync()).Where(IsAnswer));
            Assert.Equal(room, (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
            Assert.Empty((await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        }

        Assert.Equal(200, (await closing).Code);
        while (answers.Count < 11)
        {
            if (await sender.ReceiveAsync() is var frame && IsAnswer(frame))
                answers.Add(frame);
        }

        // The counts are final a moment before the end waits in the log: what was faster, all of it maybe, is part of the room.
        var receipted = answers.Where(a => a.Code == Code.Receipt).Select(a => a.Text("clientMsgId")).ToList();
        var said = Enumerable.Range(1, 5).Select(i => $"before {i}").Concat(Enumerable.Range(1, 5).Select(i => $"after {i}")).ToList();
        Assert.InRange(receipted.Count, 5, 10);
        Assert.Equal(said.Take(receipted.Count), receipted);
        foreach (var client in new[] { viewer, late })
            Assert.Equal([.. receipted, "end"], (await ReadToEndOfRoomAsync(client)).Select(Name));
        Assert.Equal(5570, answers.Single(a => a.Code == Code.Message).Number("bizCode"));
        var refused = answers.Where(a => a.Code == Code.Error).ToList();
        Assert.Equal(said.Skip(receipted.Count), refused.Select(a => a.Text("clientMsgId")));
        Assert.All(refused, a => Assert.Equal(("room_closed", room), (a.Text("error"), a.Number("roomId"))));
        await sender.ChatInRoomAsync(room, "later", "later");
        Assert.Equal("room_closed", (await sender.ReceiveAsync(Code.Error)).Text("error"));
        Assert.Equal(-1, (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
        Assert.Single((await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);

        static bool IsAnswer(ReceivedFrame frame) => frame.Code != Code.Message || frame.Number("bizCode") != 5571;
    }

    [Fact]
    public async Task After_the_end_who_saw_it_reads_the_log_and_has_its_receipts_again_and_nobody_writes()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var viewer = await JoinAsync(server, FirstViewer, room);
        await using var stranger = await TestClient.LogInAsync(server, FirstViewer + 1);
        await using var gone = await JoinAsync(server, FirstViewer + 2, room);
        await gone.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
        await gone.ReceiveAsync(Code.Leave);
        await viewer.ChatInRoomAsync(room, "hello", "h");
        var receipt = await viewer.ReceiptAsync("h");
        await SayByApiAsync(server, room, "api", expected: 200);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(["api", "end"], [(await viewer.ReceiveAsync(Code.Message)).Content(), Name(await viewer.ReceiveAsync(Code.Message))]);
        for (var restarted = false; ; restarted = true)
        {
            await SayByApiAsync(server, room, "api", expected: 200);
            await SayByApiAsync(server, room, "late", expected: 409);
            await SayByApiAsync(server, room, null, expected: 409);
            var log = await server.WholeHistoryAsync($"r:{room}");
            Assert.Equal([5555, 5555, 5570], log.Select(m => m.Number("bizCode")));
            if (restarted)
                break;
            Assert.Equal(["hello", "api", "end"], (await viewer.SyncAsync(new JsonObject { [$"r:{room}"] = 0 })).Messages().Select(Name));
            await viewer.ChatInRoomAsync(room, "hello", "h");
            Assert.Equal(receipt.Text("msgId"), (await viewer.ReceiptAsync("h")).Text("msgId"));
            await viewer.ChatInRoomAsync(room, "late", "l");
            var refused = await viewer.ReceiveAsync(Code.Error);
            Assert.Equal(("room_closed", room, "l"), (refused.Text("error"), refused.Number("roomId"), refused.Text("clientMsgId")));
            foreach (var client in new[] { viewer, stranger, gone })
                await client.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = room });
            foreach (var client in new[] { stranger, gone })
            {
                await client.RefusedAsync("not_joined", Code.Sync, new JsonObject { ["after"] = new JsonObject { [$"r:{room}"] = 0 } });
                await client.RefusedAsync("not_joined", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["roomId"] = room }));
            }

            await server.StopAsync();
            await server.StartAgainAsync();
        }
    }

    [Fact]
    public async Task A_viewer_who_does_not_read_is_told_the_end_and_that_it_is_behind_and_SYNC_fills_the_gap()
    {
        const int Total = 700, Slow = 3;
        await using var server = await ServerProcess.StartAsync([.. Settings, "Gateway:MaxOutboxBytes=65536"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        List<RawSocket> slow = [];
        for (var i = 0; i < Slow; i++)
            slow.Add(await JoinSlowlyAsync(server, FirstViewer + i, room));
        await using var sender = await JoinAsync(server, FirstSender, room);
        // More than the sockets' buffers on both sides ever take, and at the end small ones, which fill the outbox.
        for (var i = 1; i <= Total; i++)
        {
            await sender.ChatInRoomAsync(room, i <= Total - 100 ? new string('鱼', 3990) : "small", $"{i}");
            await sender.ReceiptAsync($"{i}");
        }

        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        foreach (var client in slow)
        {
            var (last, isTold, isBehind) = (0L, false, false);
            while (!isTold || !isBehind)
            {
                var frame = (await client.ReadFrameAsync())!;
                if (frame.Code == Code.Error)
                {
                    Assert.Equal(("behind", $"r:{room}"), (frame.Text("error"), frame.Text("conversation")));
                    isBehind = true;
                }
                else if (frame.Number("bizCode") == 5570)
                {
                    Assert.Equal((Total + 1, room), (frame.Number("seq"), frame.Data.Number("roomId")));
                    Assert.False(isTold);
                    isTold = true;
                }
                else
                {
                    Assert.Equal(++last, frame.Number("seq"));
                }
            }

            Assert.InRange(last, 1, Total - 1);
            while (last < Total + 1)
            {
                await client.SendFrameAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { [$"r:{room}"] = last } });
                foreach (var message in (await client.ReadFrameAsync(Code.Sync)).Body["messages"]!.AsArray())
                    Assert.Equal(++last, message!["seq"]!.GetValue<long>());
            }

            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_joins_as_the_room_closes_is_refused_or_is_told_the_end_after_the_answer()
    {
        const int Joiners = 8;
        await using var server = await ServerProcess.StartAsync([.. Settings, "Rooms:MaxPerConnection=1000"]);
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        var clients = await Task.WhenAll(Enumerable.Range(0, Joiners).Select(i => TestClient.LogInAsync(server, FirstViewer + i, (Transport)(i % 3))));
        for (var round = 0; round < 20; round++)
        {
            var room = await anchor.StartAsync();
            await using var speaker = await JoinAsync(server, FirstSender, room);
            await speaker.ChatInRoomAsync(room, "hello", "h" + round);
            await speaker.ReceiptAsync("h" + round);
            var joining = clients.Select((client, i) => JoinUntilClosedAsync(client, room, history: i % 2 * 10)).ToList();
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            await Task.WhenAll(joining);
        }

        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Killed_at_any_moment_of_a_close_the_room_is_open_with_all_or_closed_with_its_end()
    {
        await using var server = await ServerProcess.StartAsync(Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        var random = new Random(7);
        for (var round = 0; round < 6; round++)
        {
            await using (var viewer = await JoinAsync(server, FirstViewer, room))
            {
                await viewer.ChatInRoomAsync(room, "said", $"said {round}");
                await viewer.ReceiptAsync($"said {round}");
                var closing = anchor.PostAsync("/living/closeLiving", ("roomId", room));
                // Some before the commit, some after it; the last one surely after it.
                await Task.WhenAny(closing, round == 5 ? closing : Pause.ForAsync(random.Next(12)));
                await server.KillAsync();
                await Task.WhenAny(closing);
            }

            await server.StartAgainAsync();
            var log = await server.WholeHistoryAsync($"r:{room}");
            Assert.Contains(log, m => m.Number("bizCode") == 5555);
            var isClosed = (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId") == -1;
            Assert.Equal(isClosed, log[^1].Number("bizCode") == 5570);
            Assert.Equal(isClosed, (await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 100))).List.Any(r => r.Number("id") == room));
            await using var back = await TestClient.LogInAsync(server, FirstViewer);
            await back.SendAsync(Code.Join, new JsonObject { ["roomId"] = room });
            Assert.Equal(isClosed ? Code.Error : Code.Join, (await back.ReceiveAsync()).Code);
            Assert.True(round < 5 || isClosed);
            room = await anchor.StartAsync();
        }
    }

    private static async Task<TestClient> JoinAsync(ServerProcess server, long user, long room)
    {
        var client = await TestClient.LogInAsync(server, user);
        await client.JoinAsync(room);
        return client;
    }

    private static Task<TestClient[]> JoinAllAsync(ServerProcess server, long first, int count, long room) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => JoinAsync(server, first + i, room)));

    private static async Task<RawSocket> JoinSlowlyAsync(ServerProcess server, long user, long room)
    {
        var client = await RawSocket.ConnectAsync(server.TcpPort, receiveBuffer: 4096);
        await client.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, user));
        await client.ReadFrameAsync(Code.Login);
        await client.SendFrameAsync(Code.Join, new JsonObject { ["roomId"] = room });
        await client.ReadFrameAsync(Code.Join);
        return client;
    }

    /// <summary>Sends all at once; gives what became of each, and what the others said until the end.</summary>
    private static async Task<(HashSet<string> Receipted, HashSet<string> Refused, List<string> Heard)> SpeakAsync(TestClient client, int number, long room, int count)
    {
        List<byte> burst = [];
        for (var i = 0; i < count; i++)
            burst.AddRange(client.Encode(Code.Message, TestClient.Chat(new JsonObject { ["content"] = $"{number}/{i}", ["roomId"] = room }, $"{number}/{i}").ToJsonString()));
        await client.SendRawAsync([.. burst]);
        HashSet<string> receipted = [], refused = [];
        List<string> heard = [];
        while (receipted.Count + refused.Count < count || heard is not [.., "end"])
        {
            var frame = await client.ReceiveAsync();
            if (frame.Code == Code.Message)
            {
                heard.Add(Name(frame));
                continue;
            }

            Assert.True((frame.Code == Code.Receipt ? receipted : refused).Add(frame.Text("clientMsgId")!));
            if (frame.Code != Code.Receipt)
                Assert.Equal((Code.Error, "room_closed", room), (frame.Code, frame.Text("error"), frame.Number("roomId")));
        }

        return (receipted, refused, heard);
    }

    /// <summary>All messages up to the end, which is told with its place in the log.</summary>
    private static async Task<List<ReceivedFrame>> ReadToEndOfRoomAsync(TestClient client)
    {
        List<ReceivedFrame> messages = [];
        do
        {
            var frame = await client.ReceiveAsync();
            Assert.Equal(Code.Message, frame.Code);
            // Likes stand outside the log.
            if (frame.Number("bizCode") == 5571)
                continue;
            messages.Add(frame);
            Assert.Equal(messages.Count, frame.Number("seq"));
        }
        while (messages is not [.., var last] || last.Number("bizCode") != 5570);
        Assert.Equal($"r:{messages[^1].Data.Number("roomId")}", messages[^1].Text("conversation"));
        Assert.Equal("room_closed", messages[^1].Data.Text("event"));
        return messages;
    }

    /// <summary>Joins and leaves again and again; whoever was answered is told the end, once, and after the answer.</summary>
    private static async Task JoinUntilClosedAsync(TestClient client, long room, int history)
    {
        while (true)
        {
            await client.SendAsync(Code.Join, new JsonObject { ["roomId"] = room, ["history"] = history });
            var answer = await client.ReceiveAsync();
            if (answer.Code == Code.Error)
            {
                Assert.Equal("room_closed", answer.Text("error"));
                break;
            }

            Assert.Equal((Code.Join, room), (answer.Code, answer.Number("roomId")));
            await client.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
            List<ReceivedFrame> messages = [];
            ReceivedFrame frame;
            while ((frame = await client.ReceiveAsync()).Code == Code.Message)
                messages.Add(frame);
            Assert.Equal(Code.Leave, frame.Code);
            Assert.InRange(messages.Count(m => m.Number("bizCode") == 5570), 0, 1);
        }

        Assert.Empty(await client.FlushAsync());
    }

    private static async Task SayByApiAsync(ServerProcess server, long room, string? clientMsgId, int expected)
    {
        var body = new JsonObject { ["bizCode"] = 5555, ["data"] = new JsonObject { ["content"] = clientMsgId ?? "x" }, ["to"] = new JsonObject { ["room"] = room }, ["clientMsgId"] = clientMsgId };
        using var reply = await server.Http.PostAsync("api/v1/messages", PageClient.Json(body.ToJsonString()), TestContext.Current.CancellationToken);
        Assert.Equal(expected, (int)reply.StatusCode);
    }

    private static string Name(ReceivedFrame message) => message.Number("bizCode") == 5570 ? "end" : message.Content();
}
