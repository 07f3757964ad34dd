using System.Diagnostics;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

public sealed class TimeoutTests
{
    [Fact]
    public async Task A_client_that_is_silent_is_told_and_closed_before_LOGIN_and_after()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:LoginTimeoutSeconds=1", "Gateway:HeartbeatSeconds=1");
        await using var idle = await TestClient.LogInAsync(server, 10001);
        Assert.Equal(1, idle.LoginReply!.Number("heartbeatSeconds"));
        await using var alive = await TestClient.LogInAsync(server, 10002, Transport.WebSocketBinary);

        foreach (var transport in new[] { Transport.Tcp, Transport.WebSocketJson, Transport.WebSocketBinary })
        {
            await using var late = await TestClient.OpenAsync(server, transport);
            AssertBye(Assert.Single(await late.DrainAsync()), "login_timeout");
        }

        // Bytes count, whatever they are: this one has sent something until the idle one is closed.
        var idleEnds = idle.DrainAsync();
        while (!idleEnds.IsCompleted)
        {
            await alive.SendAsync(Code.Heartbeat, new JsonObject());
            Assert.Equal(Code.Heartbeat, (await alive.ReceiveAsync()).Code);
            // The pace of somebody who is not idle.
            await Task.WhenAny(idleEnds, Pause.ForAsync(200));
        }

        AssertBye(Assert.Single(await idleEnds), "idle");
        Assert.Empty(await alive.FlushAsync());
    }

    [Fact]
    public async Task Idle_HTTP_and_half_a_request_head_are_closed_long_before_the_frameworks_own_times()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var idle = await RawSocket.ConnectAsync(server.HttpPort);
        await idle.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", (await idle.ReadHttpAsync()).Head);
        await using var half = await RawSocket.ConnectAsync(server.HttpPort);
        await half.SendAsync("POST /account/login HTTP/1.1\r\nHost: local");

        // 30 s and 10 s; Kestrel's are 130 s and 30 s.
        var end = new byte[1024];
        Assert.InRange(await half.Socket.ReceiveAsync(end).WaitAsync(TimeSpan.FromSeconds(25)), 0, end.Length);
        Assert.Equal(0, await idle.Socket.ReceiveAsync(end).WaitAsync(TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public async Task A_body_that_is_nearly_whole_and_stands_still_is_cut()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var client = await RawSocket.ConnectAsync(server.HttpPort);
        await client.SendAsync("POST /account/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 40000\r\n\r\n" + new string(' ', 39_000));

        // 39,000 / 4,096 s; at Kestrel's own rate it was 162 s.
        await client.ReadHttpAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_client_that_speaks_and_reads_late_is_not_idle()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:HeartbeatSeconds=1", "Limits:SyncsPerSecond=0");
        await LargeAnswers.PrepareAsync(server, 10001);
        await using var client = await LargeAnswers.LogInAsync(server, 10001);
        await using var other = await TestClient.LogInAsync(server, 10002);
        await client.SendAsync([.. Enumerable.Repeat(LargeAnswers.Request, 150).SelectMany(f => f)]);

        // Its answers fill all buffers, so that the server does not read it for longer than the 12 s of silence.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15))
        {
            await client.SendFrameAsync(Code.Heartbeat, []);
            Assert.Empty(await other.FlushAsync());
            // The pace of somebody who is not idle.
            await Pause.ForAsync(500);
        }

        ReceivedFrame? frame;
        while ((frame = await client.ReadFrameAsync())?.Code == Code.Sync)
            Assert.NotEmpty(frame.Body["messages"]!.AsArray());
        Assert.Equal(Code.Heartbeat, frame?.Code);
    }

    [Fact]
    public async Task A_client_on_a_WebSocket_that_speaks_and_reads_late_is_not_idle()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:HeartbeatSeconds=1", "Limits:SyncsPerSecond=0");
        await LargeAnswers.PrepareAsync(server, 10001);
        await using var socket = await RawSocket.ConnectAsync(server.WebSocketPort, receiveBuffer: 4096);
        await socket.SendAsync(RawWebSocket.Request(protocol: "sailfish.json"));
        await using var client = await RawWebSocket.AcceptAsync(socket);
        await client.LogInAsync(server, 10001);
        await client.SendAsync([.. Enumerable.Repeat(RawWebSocket.Frame(RawWebSocket.Text, RawWebSocket.Json(Code.Sync)), 150).SelectMany(f => f)]);

        // Its answers fill all buffers, so that the server does not read it for longer than the 12 s of silence.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15))
        {
            await client.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Heartbeat));
            // The pace of somebody who is not idle.
            await Pause.ForAsync(500);
        }

        ReceivedFrame frame;
        while ((frame = await client.ReadJsonAsync()).Code == Code.Sync)
            Assert.NotEmpty(frame.Body["messages"]!.AsArray());
        Assert.Equal(Code.Heartbeat, frame.Code);
    }

    private static void AssertBye(ReceivedFrame frame, string reason)
    {
        Assert.Equal((Code.Bye, reason), (frame.Code, frame.Text("reason")));
        Assert.True(frame.Body["reconnect"]!.GetValue<bool>());
    }
}
