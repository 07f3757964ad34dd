using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>More connections than the process may have files: it lives, and those who are in are served.</summary>
public sealed class CrowdTests
{
    private const int Files = 1024;
    private const int Crowd = 900;
    private const string Get = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    private static readonly string[] Settings = ["Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0"];

    [Theory]
    [InlineData("keep-alive")]
    [InlineData("half heads")]
    [InlineData("silent")]
    [InlineData("WebSockets")]
    public async Task An_idle_crowd_larger_than_the_file_limit_leaves_the_others_served_and_the_server_open_for_more(string kind)
    {
        await using var server = await ServerProcess.StartWithFilesAsync(Files, Settings);
        Assert.Contains($"Up to {Files - 512} connections", server.Output);
        await using var anna = await LogInAsync(server, 10001, tls: false);
        await using var bert = await LogInAsync(server, 10002, tls: false);
        foreach (var port in Ports(server, kind))
        {
            var crowd = await GatherAsync(port, kind);
            for (var i = 0; i < 3; i++)
                await ChatAsync(anna, bert);
            await DisperseAsync(crowd);
            await EverybodyGetsInAsync(server, tls: false);
        }

        await ChatAsync(anna, bert);
        Assert.False(server.HasExited);
        Assert.DoesNotContain("fail:", server.Output);
    }

    [Fact]
    public async Task An_idle_crowd_of_half_TLS_handshakes_leaves_the_others_served_and_the_server_open_for_more()
    {
        using var folder = new TemporaryDirectory();
        await using var server = await ServerProcess.StartWithFilesAsync(Files, [.. Settings, .. TestCertificate.Settings(folder.Path)]);
        await using var anna = await LogInAsync(server, 10001, tls: true);
        await using var bert = await LogInAsync(server, 10002, tls: true);
        foreach (var port in Ports(server, "TLS"))
        {
            var crowd = await GatherAsync(port, "TLS");
            await ChatAsync(anna, bert);
            await DisperseAsync(crowd);
            await EverybodyGetsInAsync(server, tls: true);
        }

        Assert.False(server.HasExited);
    }

    [Fact]
    public async Task A_crowd_on_the_gateway_leaves_probes_answered_and_a_crowd_of_HTTP_is_told_503_and_leaves_the_gateway_open()
    {
        await using var server = await ServerProcess.StartWithFilesAsync(Files, [.. Settings, "Gateway:LoginTimeoutSeconds=120"]);
        var crowd = await GatherAsync(server.TcpPort, "silent", Files - 500);
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(server.HttpPort));
        await using (var late = await RawSocket.ConnectAsync(server.TcpPort))
        {
            var bye = await late.ReadFrameAsync(Code.Bye);
            Assert.Equal(("server_full", true), (bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        }

        await DisperseAsync(crowd);
        crowd = await GatherAsync(server.HttpPort, "keep-alive", Files / 4);
        var head = await AskAsync(server.HttpPort);
        Assert.StartsWith("HTTP/1.1 503 ", head);
        Assert.Matches("\r\nRetry-After: [1-9][0-9]*\r\n", head);
        await using var client = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson);
        await using var onWebPort = await RawWebSocket.OpenAsync(server.HttpPort);
        await onWebPort.LogInAsync(server, 10002);
        await DisperseAsync(crowd);
        await EverybodyGetsInAsync(server, tls: false);
    }

    [Fact]
    public async Task A_file_limit_that_leaves_nothing_for_connections_stops_the_start_with_one_line() =>
        StartErrors.AssertOneLine(await ServerProcess.RunToExitWithFilesAsync(500), "ulimit -n");

    private static int[] Ports(ServerProcess server, string kind) => kind switch
    {
        "keep-alive" => [server.HttpPort, server.WebSocketPort],
        "half heads" or "WebSockets" => [server.WebSocketPort, server.HttpPort],
        _ => [server.TcpPort, server.WebSocketPort, server.HttpPort],
    };

    private static async Task<List<RawSocket>> GatherAsync(int port, string kind, int count = Crowd)
    {
        List<RawSocket> crowd = [];
        for (var i = 0; i < count; i++)
        {
            var socket = await RawSocket.ConnectAsync(port);
            crowd.Add(socket);
            try
            {
                await JoinCrowdAsync(socket, kind);
            }
            catch (IOException)
            {
                // One too many, and closed already.
            }
        }

        return crowd;
    }

    private static async Task JoinCrowdAsync(RawSocket socket, string kind)
    {
        switch (kind)
        {
            case "keep-alive":
                await socket.SendAsync(Get);
                await socket.ReadHeadAsync();
                break;
            case "half heads":
                await socket.SendAsync("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgr");
                break;
            case "WebSockets":
                await socket.SendAsync(RawWebSocket.Request());
                await socket.ReadHeadAsync();
                break;
            case "TLS":
                // The beginning of a ClientHello.
                await socket.SendAsync([0x16, 3, 1, 2, 0, 1, 0]);
                break;
            default:
                break;
        }
    }

    private static async Task DisperseAsync(List<RawSocket> crowd)
    {
        foreach (var socket in crowd)
            await socket.DisposeAsync();
    }

    private static async Task<RawSocket> LogInAsync(ServerProcess server, long userId, bool tls)
    {
        var socket = await RawSocket.ConnectAsync(server.TcpPort, tls: tls);
        await socket.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, userId));
        await socket.ReadFrameAsync(Code.Login);
        return socket;
    }

    /// <summary>The log, a push and a read of the store: each needs files of its own.</summary>
    private static async Task ChatAsync(RawSocket anna, RawSocket bert)
    {
        await anna.SendFrameAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = "hello", ["objectId"] = 10002 }, Guid.NewGuid().ToString()));
        await anna.ReadFrameAsync(Code.Receipt);
        var message = await bert.ReadFrameAsync(Code.Message);
        await bert.SendFrameAsync(Code.Sync, new JsonObject { ["after"] = new JsonObject { ["d:10001:10002"] = 0 } });
        await bert.ReadFrameAsync(Code.Sync);
        await bert.SendFrameAsync(Code.Ack, new JsonObject { ["msgId"] = message.Text("msgId") });
    }

    private static async Task EverybodyGetsInAsync(ServerProcess server, bool tls)
    {
        await Wait.UntilAsync(async () => (await AskAsync(server.HttpPort, tls)).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "HTTP to be served again");
        await Wait.UntilAsync(async () => await LogsInAsync(server, tls), "a login to be taken again");
    }

    private static async Task<bool> LogsInAsync(ServerProcess server, bool tls)
    {
        try
        {
            await using var socket = await RawSocket.ConnectAsync(server.TcpPort, tls: tls);
            await socket.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10003));
            return (await socket.ReadFrameAsync())?.Code == Code.Login;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<string> AskAsync(int port, bool tls = false)
    {
        try
        {
            await using var socket = await RawSocket.ConnectAsync(port, tls: tls);
            await socket.SendAsync(Get);
            return await socket.ReadHeadAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
