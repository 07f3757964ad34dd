using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>The PROXY protocol before the TCP and WebSocket ports, by hand and by a real HAProxy.</summary>
public sealed class ProxyProtocolTests
{
    private static readonly string[] Settings = ["Http:TrustedProxies:0=127.0.0.1", "Gateway:ProxyProtocol=true"];

    private static readonly byte[] Version1 = Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.7 198.51.100.1 1234 8085\r\n");

    private static readonly byte[] Version2 =
        [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12, 192, 0, 2, 7, 198, 51, 100, 1, 4, 210, 31, 149];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HAProxy_names_the_address_that_counts_before_both_ports(int version)
    {
        await using var server = await ServerProcess.StartAsync([.. Settings, "Limits:ConnectionsPerIp=1"]);
        var (tcp, webSocket) = (FreePort.Next(), FreePort.Next());
        var send = version == 1 ? "send-proxy" : "send-proxy-v2";
        await using var haproxy = await ProxyProcess.StartHaProxyAsync((tcp, server.TcpPort, send), (webSocket, server.WebSocketPort, send));

        await using var anna = await RawSocket.ConnectAsync(tcp, from: "127.0.0.7");
        await anna.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10001));
        await anna.ReadFrameAsync(Code.Login);
        await using (var again = await RawSocket.ConnectAsync(tcp, from: "127.0.0.7"))
            Assert.Equal("rate_limited", (await again.ReadFrameAsync(Code.Error)).Text("error"));
        Assert.StartsWith("HTTP/1.1 429 ", await AskAsync(webSocket, RawWebSocket.Request(), "127.0.0.7"));
        await using var bert = await RawSocket.ConnectAsync(webSocket, from: "127.0.0.8");
        await bert.SendAsync(RawWebSocket.Request(protocol: "sailfish.json"));
        await using var berts = await RawWebSocket.AcceptAsync(bert);
        await berts.LogInAsync(server, 10002);

        // HTTP on the WebSocket port goes on to the web server.
        Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(webSocket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "127.0.0.9"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_header_that_comes_byte_by_byte_or_with_all_else_glued_on_is_taken_with_and_without_TLS(int version)
    {
        using var folder = new TemporaryDirectory();
        var header = version == 1 ? Version1 : Version2;
        foreach (var tls in new[] { false, true })
        {
            await using var server = await ServerProcess.StartAsync([.. Settings, .. tls ? TestCertificate.Settings(folder.Path) : []]);
            await using var tcp = await RawSocket.ConnectAsync(server.TcpPort, tls: tls, preamble: header);
            await tcp.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10001));
            await tcp.ReadFrameAsync(Code.Login);
            await using var webSocket = await RawSocket.ConnectAsync(server.WebSocketPort, tls: tls, preamble: header);
            await webSocket.SendAsync(RawWebSocket.Request(protocol: "sailfish.json"));
            await using var opened = await RawWebSocket.AcceptAsync(webSocket);
            await opened.LogInAsync(server, 10002);
            if (tls)
                continue;

            var login = TestClient.EncodeBinary(Code.Login, Encoding.UTF8.GetBytes(RawWebSocket.LoginBody(server, 10003).ToJsonString()));
            await using var glued = await RawSocket.ConnectAsync(server.TcpPort);
            await glued.SendAsync([.. header, .. login]);
            await glued.ReadFrameAsync(Code.Login);
            await using var slow = await RawSocket.ConnectAsync(server.TcpPort);
            await slow.SendByteByByteAsync(header);
            await slow.SendAsync(login);
            await slow.ReadFrameAsync(Code.Login);
            await using var head = await RawSocket.ConnectAsync(server.WebSocketPort);
            await head.SendAsync([.. header, .. Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")]);
            Assert.StartsWith("HTTP/1.1 404 ", await head.ReadHeadAsync());
        }
    }

    [Fact]
    public async Task Of_a_trusted_address_a_header_is_required_in_time_and_of_others_it_is_a_broken_frame()
    {
        await using var server = await ServerProcess.StartAsync([.. Settings, "Gateway:LoginTimeoutSeconds=1"]);
        await using var without = await RawSocket.ConnectAsync(server.TcpPort);
        await without.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10001));
        await AssertBadFrameAsync(without);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(server.WebSocketPort, RawWebSocket.Request(), "127.0.0.1"));
        foreach (var port in new[] { server.TcpPort, server.WebSocketPort })
        {
            await using var silent = await RawSocket.ConnectAsync(port);
            await silent.ReadToEndAsync();
            await using var half = await RawSocket.ConnectAsync(port);
            await half.SendAsync(Version2[..14]);
            await half.ReadToEndAsync();
        }

        foreach (var header in new[] { Version1, Version2 })
        {
            await using var stranger = await RawSocket.ConnectAsync(server.TcpPort, from: "127.0.0.9");
            await stranger.SendAsync(header);
            await AssertBadFrameAsync(stranger);
            Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(server.WebSocketPort, Encoding.Latin1.GetString(header) + RawWebSocket.Request(), "127.0.0.9"));
        }

        // Strangers come without one.
        await using var direct = await RawSocket.ConnectAsync(server.TcpPort, from: "127.0.0.9");
        await direct.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10001));
        await direct.ReadFrameAsync(Code.Login);
        Assert.Equal("ok", await server.Http.GetStringAsync("healthz"));
    }

    private static async Task AssertBadFrameAsync(RawSocket socket)
    {
        Assert.Equal("bad_frame", (await socket.ReadFrameAsync(Code.Error)).Text("error"));
        Assert.Empty(await socket.ReadToEndAsync());
    }

    private static async Task<string> AskAsync(int port, string request, string from)
    {
        await using var socket = await RawSocket.ConnectAsync(port, from: from);
        await socket.SendAsync(request);
        return await socket.ReadHeadAsync();
    }
}
