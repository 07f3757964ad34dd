using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Hosting;

/// <summary>Behind a real nginx with TLS, below a path.</summary>
public sealed class NginxTests
{
    private const string Get = "GET /chat/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_address_that_nginx_names_counts_and_WebSockets_and_HTTP_are_served_below_its_path(string target)
    {
        await using var server = await ServerProcess.StartAsync("Http:TrustedProxies:0=127.0.0.1", "Http:PathBase=/chat", "Limits:ConnectionsPerIp=2");
        var port = FreePort.Next();
        await using var nginx = await ProxyProcess.StartNginxAsync(server, port, target);

        // Nobody is believed what he says of himself.
        await using var first = await OpenAsync(port, "127.0.0.7", "X-Forwarded-For: 192.0.2.1\r\n");
        await using var second = await OpenAsync(port, "127.0.0.7", "X-Forwarded-For: 192.0.2.2\r\n");
        await first.LogInAsync(server, 10001);
        await second.LogInAsync(server, 10002);
        Assert.Matches("^HTTP/1.1 429 (.|\r\n)*Retry-After: ", await AskAsync(port, "127.0.0.7", RawWebSocket.Request("/chat/ws")));
        Assert.Matches("^HTTP/1.1 429 (.|\r\n)*Retry-After: ", await AskAsync(port, "127.0.0.7", Get));
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(port, "127.0.0.8", Get));
        await using var other = await OpenAsync(port, "127.0.0.8");
        await other.LogInAsync(server, 10003);

        await first.DisposeAsync();
        await Wait.UntilAsync(async () => (await AskAsync(port, "127.0.0.7", Get)).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "the first's place to be free");
    }

    [Fact]
    public async Task Over_the_rate_of_an_address_that_nginx_names_only_that_one_is_refused()
    {
        await using var server = await ServerProcess.StartAsync("Http:TrustedProxies:0=127.0.0.0/29", "Http:PathBase=/chat", "Limits:ConnectionsPerIpPerSecond=3");
        var port = FreePort.Next();
        await using var nginx = await ProxyProcess.StartNginxAsync(server, port);
        var heads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(port, "127.0.0.20", Get)));
        Assert.Contains(heads, head => head.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(port, "127.0.0.21", Get));
        Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(port, "127.0.0.21", RawWebSocket.Request("/chat/ws")));
    }

    [Fact]
    public async Task The_cookie_is_Secure_when_nginx_has_the_TLS_and_origins_are_compared_with_the_host_that_people_see()
    {
        await using var server = await ServerProcess.StartAsync("Http:TrustedProxies:0=127.0.0.1", "Http:AllowedHosts:0=chat.example");
        var port = FreePort.Next();
        await using var nginx = await ProxyProcess.StartNginxAsync(server, port, "/");
        var answer = await RegisterAsync(port, "https://chat.example:8443", "anna");
        Assert.StartsWith("HTTP/1.1 200 ", answer);
        Assert.Matches("Set-Cookie: __Host-sailfish=[^;]+;.* path=/; secure;", answer);
        Assert.Contains("Strict-Transport-Security: ", answer);
        Assert.StartsWith("HTTP/1.1 403 ", await RegisterAsync(port, "https://evil.example", "bert"));
        Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(port, "127.0.0.1", RawWebSocket.Request("/chat/ws", headers: "Origin: https://chat.example:8443\r\n", host: "chat.example:8443")));
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(port, "127.0.0.1", RawWebSocket.Request("/chat/ws", headers: "Origin: https://evil.example\r\n", host: "chat.example:8443")));
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(port, "127.0.0.1", RawWebSocket.Request("/chat/ws", host: "evil.example")));
    }

    private static Task<string> RegisterAsync(int port, string origin, string name)
    {
        var form = $"name={name}&password=correct+horse";
        return AskAsync(port, "127.0.0.1", $"POST /chat/account/register HTTP/1.1\r\nHost: chat.example:8443\r\nOrigin: {origin}\r\nConnection: close\r\n"
            + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}");
    }

    private static async Task<RawWebSocket> OpenAsync(int port, string from, string headers = "")
    {
        var socket = await RawSocket.ConnectAsync(port, tls: true, from: from);
        await socket.SendAsync(Encoding.ASCII.GetBytes(RawWebSocket.Request("/chat/ws", "sailfish.json", headers)));
        return await RawWebSocket.AcceptAsync(socket);
    }

    private static async Task<string> AskAsync(int port, string from, string request)
    {
        await using var socket = await RawSocket.ConnectAsync(port, tls: true, from: from);
        await socket.SendAsync(request);
        return await socket.ReadHeadAsync();
    }
}
