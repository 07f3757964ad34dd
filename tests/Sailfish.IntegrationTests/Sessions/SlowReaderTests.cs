using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Sessions;

/// <summary>A slow reader is skipped and told so, and nobody waits for it.</summary>
public sealed class SlowReaderTests
{
    private const string Conversation = "r:9";
    private const int Window = 8;

    /// <summary>More than the sockets' buffers on both sides ever take.</summary>
    private const int Total = 700;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_reader_of_a_busy_room_is_told_behind_and_SYNC_fills_the_gap(bool tls)
    {
        using var folder = new TemporaryDirectory();
        string[] settings = ["Limits:MessagesPerSecond=0", "Gateway:MaxOutboxBytes=262144"];
        await using var server = await ServerProcess.StartAsync(tls ? [.. settings, .. TestCertificate.Settings(folder.Path)] : settings);
        await using var slow = await JoinAsync(server, 10001, tls, receiveBuffer: 4096);
        await using var fast = await JoinAsync(server, 10002, tls);
        await using var sender = await JoinAsync(server, 10003, tls);

        // About 12 KB each. The fast one and the sender stay within a window, so that they never fall behind.
        var content = new string('鱼', 3990);
        for (var seq = 1; seq <= Total; seq++)
        {
            await SendAsync(sender, $"{content}{seq}", $"id{seq}");
            if (seq <= Window)
                continue;
            Assert.Equal(seq - Window, (await sender.ReadFrameAsync(Code.Receipt)).Number("seq"));
            await AssertNextAsync(fast, seq - Window, content);
        }

        for (var seq = Total - Window + 1; seq <= Total; seq++)
        {
            await sender.ReadFrameAsync(Code.Receipt);
            await AssertNextAsync(fast, seq, content);
        }

        // Now it reads: what fitted, in order, and then why the rest did not come.
        var seqs = new SortedSet<long>();
        ReceivedFrame? frame;
        while ((frame = await slow.ReadFrameAsync())?.Code == Code.Message)
        {
            Assert.Equal(seqs.Count + 1, frame.Number("seq"));
            Assert.EndsWith($"鱼{seqs.Count + 1}", frame.Data["content"]!.GetValue<string>());
            seqs.Add(frame.Number("seq"));
        }

        Assert.NotNull(frame);
        Assert.Equal((Code.Error, "behind", Conversation), (frame.Code, frame.Text("error"), frame.Text("conversation")));
        Assert.InRange(seqs.Count, 1, Total - 1);

        var after = (long)seqs.Count;
        for (var more = true; more;)
        {
            await slow.SendFrameAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { [Conversation] = after } });
            var page = await slow.ReadFrameAsync(Code.Sync);
            foreach (var message in page.Body["messages"]!.AsArray())
                Assert.Equal(++after, message!["seq"]!.GetValue<long>());
            more = page.Body["more"]!.GetValue<bool>();
        }

        Assert.Equal(Total, after);

        // Told once, it is given the room again.
        await SendAsync(sender, "live again", null);
        Assert.Equal(Total + 1, (await slow.ReadFrameAsync(Code.Message)).Number("seq"));
    }

    [Fact]
    public async Task A_reader_that_is_always_behind_its_room_is_still_read_from()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Gateway:MaxOutboxBytes=524288");
        await using var slow = await JoinAsync(server, 10001, tls: false, receiveBuffer: 4096, segment: 1400);
        await using var sender = await JoinAsync(server, 10003, tls: false);
        using var stop = new CancellationTokenSource();
        var speaking = SpeakAsync(sender, stop.Token);

        // It reads without pause and slower than the room speaks: before, its heartbeats were not answered until it was cut.
        var (asked, answered, behind, pulled) = (0, 0, 0, 0);
        var started = Stopwatch.GetTimestamp();
        while (answered < 6 || behind < 3 || pulled < 2)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Wait.Limit, $"{answered} of {asked} heartbeats answered, {pulled} SYNCs, {behind} times behind.");
            if (asked < Stopwatch.GetElapsedTime(started).TotalSeconds * 4)
            {
                await slow.SendFrameAsync(Code.Heartbeat, []);
                await slow.SendFrameAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { [Conversation] = 0 }, ["limit"] = 1 });
                asked++;
            }

            var frame = await slow.ReadFrameAsync();
            Assert.NotNull(frame);
            answered += frame.Code == Code.Heartbeat ? 1 : 0;
            pulled += frame.Code == Code.Sync ? 1 : 0;
            behind += frame.Code == Code.Error && frame.Text("error") == "behind" ? 1 : 0;
            // The pace of somebody slow.
            await Pause.ForAsync(10);
        }

        await stop.CancelAsync();
        await speaking;
    }

    [Fact]
    public async Task A_burst_to_one_user_arrives_whole_or_is_told_behind()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Gateway:MaxOutboxBytes=16384");
        await using var receiver = await TestClient.LogInAsync(server, 10001);
        await using var sender = await TestClient.LogInAsync(server, 10002);
        for (var round = 0; round < 3; round++)
        {
            // Many messages in one commit make one batch, larger than the outbox, of a receiver that reads well.
            var content = new string('a', 3000);
            List<byte> burst = [];
            for (var i = 0; i < 40; i++)
                burst.AddRange(sender.Encode(Code.Message, TestClient.Chat(new JsonObject { ["content"] = content, ["objectId"] = 10001 }).ToJsonString()));
            await sender.SendRawAsync([.. burst]);
            var newest = (round + 1) * 40L;
            var last = round * 40L;
            while (last < newest)
            {
                var frame = await receiver.ReceiveAsync();
                if (frame.Code == Code.Message)
                {
                    // Sent again because nobody acks here, or pushed after the gap was told: neither is news.
                    if (frame.Number("seq") == last + 1)
                        last++;
                    continue;
                }

                Assert.Equal("behind", frame.Text("error"));
                Assert.Equal("d:10001:10002", frame.Text("conversation"));
                while (last < newest)
                {
                    await receiver.SendAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { ["d:10001:10002"] = last } });
                    foreach (var message in (await receiver.ReceiveAsync(Code.Sync)).Body["messages"]!.AsArray())
                        Assert.Equal(++last, message!["seq"]!.GetValue<long>());
                }
            }
        }
    }

    /// <summary>Says 4 KB again and again, as fast as it is taken.</summary>
    private static async Task SpeakAsync(RawSocket sender, CancellationToken stop)
    {
        var message = TestClient.EncodeBinary(
            Code.Message, Encoding.UTF8.GetBytes(TestClient.Chat(new JsonObject { ["content"] = new string('x', 3900), ["roomId"] = 9 }).ToJsonString()));
        try
        {
            while (true)
                await sender.Socket.SendAsync(message, stop);
        }
        catch (OperationCanceledException)
        {
            // It was enough.
        }
    }

    private static async Task<RawSocket> JoinAsync(ServerProcess server, long user, bool tls, int? receiveBuffer = null, int? segment = null)
    {
        var client = await RawSocket.ConnectAsync(server.TcpPort, receiveBuffer, tls, segment);
        await client.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, user));
        await client.ReadFrameAsync(Code.Login);
        await client.SendFrameAsync(Code.Join, new JsonObject { ["roomId"] = 9 });
        await client.ReadFrameAsync(Code.Join);
        return client;
    }

    private static Task SendAsync(RawSocket sender, string content, string? clientMsgId) =>
        sender.SendFrameAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = content, ["roomId"] = 9 }, clientMsgId));

    private static async Task AssertNextAsync(RawSocket client, int seq, string content)
    {
        var message = await client.ReadFrameAsync();
        Assert.Equal((Code.Message, seq), (message!.Code, message.Number("seq")));
        Assert.Equal($"{content}{seq}", message.Data["content"]!.GetValue<string>());
    }
}
