using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>Whoever floods is held back, and nobody else is: before, two such sockets stopped all others for as long as they sent.</summary>
[Collection(nameof(BusyTests))]
public sealed class FloodTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    /// <summary>
    /// So often each of the others is answered while a flood goes on and for at least <see cref="FloodTime"/>; before, nothing was
    /// answered. How soon is for perf/ to say: here a second in which the machine does something else is nobody's fault.
    /// </summary>
    private const int Answers = 5;
    private static readonly TimeSpan FloodTime = TimeSpan.FromSeconds(1);
    private static readonly int Flooders = Math.Max(4, Environment.ProcessorCount + 2);
    private static int _users = 50_000;

    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(Code.Ack, """{"msgId":"999999-1"}""")]
    [InlineData(Code.Ack, """{"conversation":"d:50000:60000","seq":1}""")]
    [InlineData(Code.Leave, """{"roomId":5}""")]
    [InlineData(Code.Login, "{}")]
    [InlineData(Code.Heartbeat, "{}")]
    [InlineData(Code.Sync, """{"limit":0}""")]
    [InlineData(Code.Sync, """{"after":{}}""")]
    [InlineData(Code.Join, """{"roomId":5,"history":101}""")]
    [InlineData(Code.Join, """{"roomId":"x"}""")]
    [InlineData(Code.Message, """{"bizCode":1}""")]
    [InlineData(Code.Receipt, "{}")]
    public Task A_flood_of_frames_after_LOGIN_keeps_nobody_waiting(int code, string body) =>
        AssertOthersServedAsync(LogInAsync, Block(TestClient.EncodeBinary(code, Encoding.UTF8.GetBytes(body))));

    [Theory]
    [InlineData(RawWebSocket.Pong, "", true)]
    [InlineData(RawWebSocket.Ping, "", true)]
    [InlineData(RawWebSocket.Ping, "x", false)]
    [InlineData(RawWebSocket.Continuation, "", true)]
    [InlineData(RawWebSocket.Continuation, "x", false)]
    public Task A_flood_of_WebSocket_frames_before_LOGIN_keeps_nobody_waiting(int opcode, string payload, bool onWebPort) =>
        AssertOthersServedAsync(
            i => OpenWebSocketAsync(onWebPort || i % 2 == 0 ? Server.HttpPort : Server.WebSocketPort, inMessage: opcode == RawWebSocket.Continuation),
            Block(RawWebSocket.Frame(opcode, payload, fin: opcode != RawWebSocket.Continuation)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_flood_behind_a_broken_frame_keeps_nobody_waiting(bool tcp) => AssertOthersServedAsync(
        async i => tcp ? await RawSocket.ConnectAsync(Server.TcpPort) : await OpenWebSocketAsync(i % 2 == 0 ? Server.HttpPort : Server.WebSocketPort, inMessage: false),
        new byte[64 * 1024]);

    [Theory]
    [InlineData(Code.Heartbeat, "{}")]
    [InlineData(Code.Login, "{}")]
    public async Task A_flood_of_frames_over_TLS_keeps_nobody_waiting(int code, string body)
    {
        using var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(folder.Path);
        await using var server = await ServerProcess.StartAsync(
            $"Gateway:TcpTls:CertificateFile={certificate}", $"Gateway:TcpTls:KeyFile={key}", "Limits:ConnectionsPerIpPerSecond=0");
        // Small enough to be taken whole now and then: TLS tells nothing of a part.
        var block = TestClient.EncodeBinary(code, Encoding.UTF8.GetBytes(body));
        await AssertOthersServedAsync(server, [Transport.WebSocketJson, Transport.WebSocketBinary], _ => LogInAsync(server, tls: true), [.. Enumerable.Repeat(block, 64).SelectMany(f => f)]);
    }

    /// <summary>Of who is held back the kernel holds what it will; Kestrel, through which TLS and heads in pieces go, held a megabyte beside.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_before_LOGIN_is_not_read_ahead(bool isHeadInPieces)
    {
        await using var socket = await RawSocket.ConnectAsync(Server.WebSocketPort);
        socket.Socket.SendBufferSize = 16 * 1024;
        var head = Encoding.ASCII.GetBytes(RawWebSocket.Request("/ws", "sailfish.json"));
        await socket.SendAsync(isHeadInPieces ? head[..40] : head);
        if (isHeadInPieces)
        {
            await socket.ReadByServerAsync();
            await socket.SendAsync(head[40..]);
        }

        await using var client = await RawWebSocket.AcceptAsync(socket);
        // Two frames of 6 bytes are taken in a second.
        var sent = await socket.SendUntilStuckAsync(Block(RawWebSocket.Frame(RawWebSocket.Pong, ""))[..(6 * 512)], 16 * 1024 * 1024);
        Assert.InRange(sent, 1, 900_000);
    }

    [Fact]
    public async Task Senders_without_a_limit_keep_nobody_waiting()
    {
        var message = TestClient.EncodeBinary(Code.Message, Encoding.UTF8.GetBytes(
            TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = 10_999 }).ToJsonString()));
        await AssertOthersServedAsync(LogInAsync, Block(message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_follows_a_broken_frame_is_read_up_to_a_bound(bool tcp)
    {
        await using var client = tcp ? await RawSocket.ConnectAsync(Server.TcpPort) : await OpenWebSocketAsync(Server.WebSocketPort, inMessage: false);
        var sent = 0L;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var block = new byte[64 * 1024]; sent < 1_000_000_000; sent += block.Length)
                await client.SendAsync(block);
        });

        // 256 KiB, and what the kernel holds on both sides; in the second of the lingering it was all that came.
        Assert.InRange(sent, 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Frames_beyond_the_pace_wait_and_are_all_answered()
    {
        await using var client = await TestClient.LogInAsync(Server, NextUser());
        var started = Stopwatch.GetTimestamp();
        await client.SendRawAsync([.. Enumerable.Repeat(TestClient.EncodeBinary(Code.Heartbeat, "{}"u8), 1000).SelectMany(f => f)]);
        for (var i = 0; i < 1000; i++)
            Assert.Equal(Code.Heartbeat, (await client.ReceiveAsync()).Code);

        // 400 at once, then 200 a second, of which a tenth of a second's may come early.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 2.8, 20);
        await AssertNotPausedAsync(client, 100);
    }

    /// <summary>What has a limit of its own is free of the pace only when it was let in: else refusals would be a way around it.</summary>
    [Theory]
    [InlineData(Code.Ack, """{"msgId":"999999-1"}""")]
    [InlineData(Code.Ack, """{"conversation":"d:50000:60000","seq":1}""")]
    [InlineData(Code.Message, """{"bizCode":1}""")]
    [InlineData(Code.Message, """{"bizCode":"x"}""")]
    [InlineData(Code.Sync, """{"limit":0}""")]
    [InlineData(Code.Sync, """{"after":{}}""")]
    [InlineData(Code.Join, """{"roomId":5,"history":101}""")]
    [InlineData(Code.Join, """{"roomId":"x"}""")]
    [InlineData(Code.Login, "{}")]
    [InlineData(Code.Receipt, "{}")]
    public async Task What_is_refused_or_answers_nothing_is_taken_at_the_pace(int code, string body)
    {
        await using var client = await TestClient.LogInAsync(Server, NextUser());
        var started = Stopwatch.GetTimestamp();
        await client.SendRawAsync([.. Enumerable.Repeat(TestClient.EncodeBinary(code, Encoding.UTF8.GetBytes(body)), 1000).SelectMany(f => f)]);
        await client.SendAsync(Code.Heartbeat, new JsonObject());
        while ((await client.ReceiveAsync()).Code != Code.Heartbeat)
        {
        }

        // 400 at once, then 200 a second, of which a tenth of a second's may come early.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 2.8, 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pings_before_LOGIN_are_ten_and_two_a_second_and_LOGIN_still_works(bool onWebPort)
    {
        await using var client = await RawWebSocket.OpenAsync(onWebPort ? Server.HttpPort : Server.WebSocketPort);
        var started = Stopwatch.GetTimestamp();
        await client.SendAsync([.. Enumerable.Repeat(RawWebSocket.Frame(RawWebSocket.Ping, "a"), 15).SelectMany(f => f)]);
        for (var i = 0; i < 15; i++)
            Assert.Equal(RawWebSocket.Pong, (await client.ReadAsync())!.Opcode);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.9, 9);
        await client.LogInAsync(Server, NextUser());
    }

    [Fact]
    public async Task LOGIN_byte_by_byte_in_fragments_is_taken_at_once()
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort);
        var login = Encoding.UTF8.GetBytes(RawWebSocket.Json(Code.Login, RawWebSocket.LoginBody(Server, NextUser())));
        List<byte> bytes = [.. RawWebSocket.Frame(RawWebSocket.Text, login.AsSpan(0, 1), fin: false)];
        for (var i = 1; i < login.Length; i++)
            bytes.AddRange(RawWebSocket.Frame(RawWebSocket.Continuation, login.AsSpan(i, 1), fin: i == login.Length - 1));
        await client.SendAsync([.. bytes]);
        Assert.Equal(Code.Login, (await client.ReadJsonAsync()).Code);
    }

    [Fact]
    public async Task Messages_and_acks_of_pushed_messages_do_not_count()
    {
        const int Count = 3000;
        await using var receiver = await TestClient.LogInAsync(Server, NextUser());
        await using var sender = await TestClient.LogInAsync(Server, NextUser());
        List<byte> messages = [];
        for (var i = 0; i < Count; i++)
        {
            messages.AddRange(sender.Encode(
                Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = receiver.UserId }, $"m{i}").ToJsonString()));
        }

        await sender.SendRawAsync([.. messages]);
        var seqs = new HashSet<long>();
        List<byte> acks = [];
        while (seqs.Count < Count)
        {
            var message = await receiver.ReceiveAsync(Code.Message);
            if (seqs.Add(message.Number("seq")))
                acks.AddRange(receiver.Encode(Code.Ack, new JsonObject { ["msgId"] = message.Text("msgId") }.ToJsonString()));
        }

        for (var i = 0; i < Count; i++)
            await sender.ReceiveAsync(Code.Receipt);
        await receiver.SendRawAsync([.. acks]);

        // They would last 13 s at the pace; and after them the whole burst is there.
        await AssertNotPausedAsync(sender, 300);
        await AssertNotPausedAsync(receiver, 300);
        await Wait.UntilAsync(async () => await Server.Http.GetStringAsync($"api/v1/users/{receiver.UserId}/unacked") == "{}", "all to be acked");
    }

    [Fact]
    public async Task Acks_of_pulled_messages_do_not_count()
    {
        const int Count = 1500;
        var user = NextUser();
        string conversation;
        await using (var sender = await TestClient.LogInAsync(Server, NextUser()))
        {
            conversation = $"d:{user}:{sender.UserId}";
            for (var i = 1; i < Count; i++)
                await sender.ChatAsync(user, "x");
            await sender.ChatAsync(user, "last", "last");
            await sender.ReceiveAsync(Code.Receipt);
        }

        await using var client = await TestClient.LogInAsync(Server, user);
        List<byte> acks = [];
        for (var pulled = 0; pulled < Count;)
        {
            await client.SendAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { [conversation] = pulled }, ["limit"] = 500 });
            var page = (await client.ReceiveAsync(Code.Sync)).Body["messages"]!.AsArray();
            acks.AddRange(page.SelectMany(m => client.Encode(Code.Ack, new JsonObject { ["msgId"] = m!["msgId"]!.GetValue<string>() }.ToJsonString())));
            pulled += page.Count;
        }

        await client.SendRawAsync([.. acks]);
        await AssertNotPausedAsync(client, 300);
    }

    /// <summary>So many at once that a burst that was drawn on would not do: what is owed is more than the time allowed here.</summary>
    private static async Task AssertNotPausedAsync(TestClient client, int heartbeats)
    {
        var started = Stopwatch.GetTimestamp();
        await client.SendRawAsync([.. Enumerable.Repeat(TestClient.EncodeBinary(Code.Heartbeat, "{}"u8), heartbeats).SelectMany(f => f)]);
        for (var i = 0; i < heartbeats; i++)
            await client.ReceiveAsync(Code.Heartbeat);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    private static long NextUser() => Interlocked.Increment(ref _users);

    private static byte[] Block(byte[] frame) => [.. Enumerable.Repeat(frame, (64 * 1024) / frame.Length).SelectMany(f => f)];

    private Task AssertOthersServedAsync(Func<int, Task<RawSocket>> openAsync, byte[] block) =>
        AssertOthersServedAsync(Server, [Transport.Tcp, Transport.WebSocketBinary, Transport.WebSocketJson], openAsync, block);

    private static async Task AssertOthersServedAsync(ServerProcess server, Transport[] transports, Func<int, Task<RawSocket>> openAsync, byte[] block)
    {
        var others = new List<TestClient>();
        for (var i = 0; i < 8; i++)
            others.Add(await TestClient.LogInAsync(server, NextUser(), transports[i % transports.Length]));
        await using (var flood = new Flood(Flooders, openAsync, block))
        {
            await Wait.UntilAsync(() => flood.Sent > 0, "the flood to begin");
            await Task.WhenAll([
                .. others.Select(other => AssertAnsweredAsync(async () => Assert.Empty(await other.FlushAsync()))),
                AssertAnsweredAsync(async () => Assert.Equal("ok", await server.Http.GetStringAsync("healthz"))),
            ]).WaitAsync(Wait.Limit);
        }

        foreach (var other in others)
        {
            Assert.Empty(await other.FlushAsync());
            await other.DisposeAsync();
        }
    }

    private static async Task AssertAnsweredAsync(Func<Task> askAsync)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var answers = 0; answers < Answers || Stopwatch.GetElapsedTime(begun) < FloodTime; answers++)
        {
            await askAsync();
            // A pace at which those who ask are no load of their own.
            await Pause.ForAsync(20);
        }
    }

    private Task<RawSocket> LogInAsync(int flooder) => LogInAsync(Server, tls: false);

    private static async Task<RawSocket> LogInAsync(ServerProcess server, bool tls)
    {
        var socket = await RawSocket.ConnectAsync(server.TcpPort, tls: tls);
        await socket.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, NextUser()));
        await socket.ReadFrameAsync(Code.Login);
        return socket;
    }

    private static async Task<RawSocket> OpenWebSocketAsync(int port, bool inMessage)
    {
        var client = await RawWebSocket.OpenAsync(port);
        if (inMessage)
            await client.SendAsync(RawWebSocket.Text, "{", fin: false);
        return client.Socket;
    }
}
