using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>The opening handshake on raw sockets, and plain HTTP beside it on the same ports.</summary>
public sealed class WebSocketHandshakeTests(ServerFixture<WebSocketHandshakeTests.WithOrigin> fixture) : IClassFixture<ServerFixture<WebSocketHandshakeTests.WithOrigin>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_path_ws_is_served_on_both_ports(bool webPort)
    {
        await using var client = await RawWebSocket.OpenAsync(Port(webPort));
        await client.LogInAsync(Server, 13001);
    }

    [Fact]
    public async Task No_subprotocol_speaks_sailfish_json()
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort, protocol: null);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", client.Head);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", client.Head);
        await client.LogInAsync(Server, 13002);
    }

    [Theory]
    [InlineData("sailfish.json", "sailfish.json")]
    [InlineData("sailfish.binary", "sailfish.binary")]
    [InlineData("chat, sailfish.binary", "sailfish.binary")]
    [InlineData("sailfish.json,sailfish.binary", "sailfish.json")]
    public async Task The_first_subprotocol_that_is_known_is_taken(string offered, string taken)
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort, protocol: offered, headers: "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        Assert.Contains($"Sec-WebSocket-Protocol: {taken}\r\n", client.Head);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", client.Head);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_unknown_subprotocols_are_refused(bool webPort) =>
        await AssertRefusedAsync(RawWebSocket.Request(protocol: "chat, mqtt"), "400", webPort);

    [Theory]
    [InlineData("8")]
    [InlineData("14")]
    [InlineData("")]
    public async Task Another_version_is_refused_with_426_and_told_13(string version) =>
        Assert.Contains("Sec-WebSocket-Version: 13\r\n", await AssertRefusedAsync(RawWebSocket.Request(version: version), "426"));

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ=")]
    [InlineData("dGhlIHNhbXBsZSBub25jZSEhIQ==")]
    [InlineData("!!!!IHNhbXBsZSBub25jZQ==")]
    public async Task A_bad_key_is_refused_with_400(string key) => await AssertRefusedAsync(RawWebSocket.Request(key: key), "400");

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("HTTPS://APP.example", true)]
    [InlineData("http://127.0.0.1:3000", true)] // the page's own host, another port
    [InlineData("http://app.example", false)]
    [InlineData("https://app.example.evil", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public async Task An_origin_is_checked_against_the_list_and_the_host(string origin, bool allowed)
    {
        foreach (var webPort in new[] { true, false })
        {
            if (allowed)
            {
                await using var client = await RawWebSocket.OpenAsync(Port(webPort), headers: $"Origin: {origin}\r\n");
                await client.LogInAsync(Server, 13003);
            }
            else
            {
                await AssertRefusedAsync(RawWebSocket.Request(headers: $"Origin: {origin}\r\n"), "403", webPort);
            }
        }
    }

    [Fact]
    public async Task A_foreign_origin_is_refused_on_the_legacy_path_too() => await AssertRefusedAsync(
        RawWebSocket.Request($"/{TestTokens.Mint(Server, 13004)}/13004", headers: "Origin: https://evil.example\r\n"), "403", webPort: false);

    [Fact]
    public async Task A_head_sent_byte_by_byte_with_the_first_frame_glued_on_works()
    {
        await using var socket = await RawSocket.ConnectAsync(Server.WebSocketPort);
        var head = Encoding.Latin1.GetBytes(RawWebSocket.Request());
        await socket.SendByteByByteAsync(head[..^1]);
        await socket.SendAsync([.. head[^1..], .. RawWebSocket.Frame(RawWebSocket.Text, RawWebSocket.Json(Code.Login, RawWebSocket.LoginBody(Server, 13005)))]);
        await using var client = await RawWebSocket.AcceptAsync(socket);
        Assert.Equal(Code.Login, (await client.ReadJsonAsync()).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HTTP_on_the_same_port_is_answered_by_the_web_server_and_keeps_the_connection(bool webPort)
    {
        await using var client = await RawSocket.ConnectAsync(Port(webPort));
        await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        await AssertAnsweredAsync(client, webPort);

        // The next one on the same connection in pieces, then two at once.
        await client.SendAsync("GET /heal");
        await client.SendAsync("thz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        await AssertAnsweredAsync(client, webPort);
        await client.SendAsync(string.Concat(Enumerable.Repeat("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 2)));
        await AssertAnsweredAsync(client, webPort);
        await AssertAnsweredAsync(client, webPort);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(5, true)]
    [InlineData(30, false)]
    [InlineData(-1, true)]
    [InlineData(-3, false)]
    public async Task An_HTTP_head_split_in_two_writes_reaches_the_web_server(int at, bool webPort)
    {
        const string Request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n";
        var split = at < 0 ? Request.Length + at : at;
        await using var client = await RawSocket.ConnectAsync(Port(webPort));
        await client.SendAsync(Request[..split]);
        await client.ReadByServerAsync();
        await client.SendAsync(Request[split..]);
        await AssertAnsweredAsync(client, webPort);
    }

    [Theory]
    [InlineData("G", "ARBAGE\r\n\r\n")]
    [InlineData("POS", "T /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("GE", "T /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task What_is_no_upgrade_is_answered_by_the_web_server(string first, string second)
    {
        await using var client = await RawSocket.ConnectAsync(Server.WebSocketPort);
        await client.SendAsync(first);
        await client.SendAsync(second);
        Assert.StartsWith("HTTP/1.1 4", await client.ReadHeadAsync());
    }

    [Fact]
    public async Task A_head_that_never_ends_is_refused()
    {
        await using var client = await RawSocket.ConnectAsync(Server.WebSocketPort);
        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nX-Long: " + new string('a', 60_000));
        Assert.StartsWith("HTTP/1.1 4", await client.ReadHeadAsync());
    }

    [Fact]
    public async Task The_legacy_path_is_not_served_on_the_web_port()
    {
        await using var client = await RawSocket.ConnectAsync(Server.HttpPort);
        await client.SendAsync(RawWebSocket.Request($"/{TestTokens.Mint(Server, 13006)}/13006"));
        Assert.StartsWith("HTTP/1.1 404", await client.ReadHeadAsync());
    }

    /// <summary>Pages are served on the web port; the WebSocket port says, as a web server, that it has none.</summary>
    private static async Task AssertAnsweredAsync(RawSocket client, bool webPort)
    {
        var (head, body) = await client.ReadHttpAsync();
        Assert.StartsWith(webPort ? "HTTP/1.1 200 " : "HTTP/1.1 404 ", head);
        Assert.Equal(webPort, body == "ok");
    }

    private int Port(bool webPort) => webPort ? Server.HttpPort : Server.WebSocketPort;

    private async Task<string> AssertRefusedAsync(string request, string status, bool webPort = false)
    {
        await using var client = await RawSocket.ConnectAsync(Port(webPort));
        await client.SendAsync(request);
        var answer = Encoding.Latin1.GetString(await client.ReadToEndAsync());
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.EndsWith("\r\n\r\n", answer);
        return answer;
    }

    public sealed class WithOrigin : IServerSettings
    {
        public static string[] Settings => ["Limits:ConnectionsPerIpPerSecond=0", "Http:AllowedOrigins:0=https://app.example"];
    }
}
