using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Hosting;

/// <summary>Who is believed for whom a request is, for which hosts, and below which path.</summary>
public sealed class ForwardingTests
{
    [Theory]
    [InlineData("127.0.0.9", false)]
    [InlineData("127.0.0.1", true)]
    public async Task XForwardedFor_is_believed_of_trusted_proxies_only_whatever_the_environment_says(string peer, bool isBelieved)
    {
        var environment = new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" };
        await using var server = await ServerProcess.StartAsync(null, ["Http:TrustedProxies:0=127.0.0.1", "Accounts:AttemptsPerMinute=3", "Limits:ConnectionsPerIp=1000"], environment);
        var heads = new List<string>();
        for (var i = 1; i <= 5; i++)
            heads.Add(await AskAsync(server.HttpPort, peer, $"POST /account/login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.{i}\r\nContent-Length: 0\r\n\r\n"));
        Assert.Equal(isBelieved ? 0 : 2, heads.Count(head => head.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_trusted_proxies_the_environment_makes_nobody_one()
    {
        var environment = new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" };
        await using var server = await ServerProcess.StartAsync(null, ["Accounts:AttemptsPerMinute=3"], environment);
        var heads = new List<string>();
        for (var i = 1; i <= 5; i++)
            heads.Add(await AskAsync(server.HttpPort, "127.0.0.1", $"POST /account/login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.{i}\r\nContent-Length: 0\r\n\r\n"));
        Assert.Equal(2, heads.Count(head => head.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1:1234", true)]
    [InlineData("[::1]", true)]
    [InlineData("", false)]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:80", false)]
    public async Task A_host_that_is_not_ours_is_answered_400_on_each_port(string host, bool isServed)
    {
        await using var server = await ServerProcess.StartAsync();
        Assert.StartsWith(isServed ? "HTTP/1.1 200 " : "HTTP/1.1 400 ", await AskAsync(server.HttpPort, "127.0.0.1", $"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        Assert.StartsWith(isServed ? "HTTP/1.1 404 " : "HTTP/1.1 400 ", await AskAsync(server.WebSocketPort, "127.0.0.1", $"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        foreach (var port in new[] { server.HttpPort, server.WebSocketPort })
        {
            Assert.StartsWith(isServed ? "HTTP/1.1 101 " : "HTTP/1.1 400 ", await AskAsync(port, "127.0.0.1", RawWebSocket.Request(host: host)));
            // Nor is it by a name in the request target, or by one that nobody may forward.
            Assert.StartsWith(isServed ? "HTTP/1.1 101 " : "HTTP/1.1 400 ", await AskAsync(port, "127.0.0.1", RawWebSocket.Request(host: host, headers: "X-Forwarded-Host: localhost\r\n")));
        }

        Assert.StartsWith(isServed ? "HTTP/1.1 101 " : "HTTP/1.1 400 ", await AskAsync(
            server.WebSocketPort, "127.0.0.1", RawWebSocket.Request($"/{TestTokens.Mint(server, 10001)}/10001", host: host)));
    }

    [Theory]
    [InlineData("https", "https://chat.example", "chat.example", 200)]
    [InlineData("https", "https://chat.example", "chat.example:443", 200)]
    [InlineData("https", "https://chat.example:8443", "chat.example:8443", 200)]
    [InlineData("https", "http://chat.example", "chat.example", 403)]
    [InlineData("https", "ftp://chat.example", "chat.example", 403)]
    [InlineData("http", "http://chat.example", "chat.example:80", 200)]
    [InlineData("http", "https://chat.example", "chat.example", 200)]
    [InlineData("http", "https://chat.example", "chat.example:80", 403)]
    public async Task The_pages_own_origin_has_its_host_its_port_and_TLS_where_the_page_has_it(string scheme, string origin, string host, int status)
    {
        await using var server = await ServerProcess.StartAsync("Http:TrustedProxies:0=127.0.0.1", "Http:AllowedHosts:0=chat.example");
        Assert.StartsWith($"HTTP/1.1 {status} ", await AskAsync(server.HttpPort, "127.0.0.1",
            $"POST /home/initPage HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: {scheme}\r\nOrigin: {origin}\r\nContent-Length: 0\r\n\r\n"));
    }

    [Fact]
    public async Task The_addresses_for_sockets_bear_the_host_that_was_asked_and_checked()
    {
        await using var server = await ServerProcess.StartAsync("Http:TrustedProxies:0=127.0.0.1", "Http:AllowedHosts:0=127.0.0.1", "Http:AllowedHosts:1=chat.example");
        using var client = await PageClient.SignUpAsync(server);
        Assert.Equal($"127.0.0.1:{server.WebSocketPort}", (await client.OkAsync("/im/getImConfig")).Text("wsImServerAddress"));
        var cookie = $"Cookie: sailfish={client.Cookies.GetAllCookies().Single().Value}\r\n";
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(server.HttpPort, "127.0.0.1", Post("127.0.0.1", cookie + "X-Forwarded-Host: evil.example\r\n")));
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(server.HttpPort, "127.0.0.1", Post("127.0.0.1", cookie + "X-Forwarded-Host: chat.example\r\n")));
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(server.HttpPort, "127.0.0.1", Post("evil.example", cookie)));

        static string Post(string host, string headers) => $"POST /im/getImConfig HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: 0\r\n\r\n";
    }

    [Fact]
    public async Task A_path_base_is_served_with_and_without_it_on_both_ports_the_legacy_path_too()
    {
        await using var server = await ServerProcess.StartAsync("Http:PathBase=/some/chat/");
        foreach (var prefix in new[] { "", "/some/chat", "/Some/Chat" })
        {
            Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(server.HttpPort, "127.0.0.1", $"GET {prefix}/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 401 ", await AskAsync(server.HttpPort, "127.0.0.1", $"GET {prefix}/api/v1/rooms/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            foreach (var port in new[] { server.HttpPort, server.WebSocketPort })
            {
                await using var webSocket = await RawWebSocket.OpenAsync(port, $"{prefix}/ws");
                await webSocket.LogInAsync(server, 10001);
            }

            await using var legacy = await RawWebSocket.OpenAsync(server.WebSocketPort, $"{prefix}/{TestTokens.Mint(server, 10003)}/10003", protocol: null);
            Assert.Contains("\"code\":1001", (await legacy.ReadAsync())!.Text);
        }

        Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(server.HttpPort, "127.0.0.1", "GET /some/chatter/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    [Fact]
    public async Task Bound_to_all_interfaces_without_TLS_the_start_warns_unless_a_proxy_is_named()
    {
        await using (var open = await ServerProcess.StartAsync("Bind=0.0.0.0"))
            Assert.Contains("Without TLS on 0.0.0.0", open.Output);
        await using (var behind = await ServerProcess.StartAsync("Bind=0.0.0.0", "Http:TrustedProxies:0=10.0.0.1"))
            Assert.DoesNotContain("Without TLS", behind.Output);
        await using var loopback = await ServerProcess.StartAsync();
        Assert.DoesNotContain("Without TLS", loopback.Output);
    }

    private static async Task<string> AskAsync(int port, string from, string request)
    {
        await using var socket = await RawSocket.ConnectAsync(port, from: from);
        await socket.SendAsync(request);
        return await socket.ReadHeadAsync();
    }
}
