using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>What one address may open, and what it hears beyond it on each port.</summary>
public sealed class AddressLimitTests
{
    private const string Get = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    [Fact]
    public async Task Over_the_rate_of_an_address_WebSockets_and_HTTP_are_answered_429_and_another_address_is_served()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=3");
        foreach (var (port, request, good) in new[] { (server.WebSocketPort, RawWebSocket.Request(), "101"), (server.HttpPort, RawWebSocket.Request(), "101"), (server.HttpPort, Get, "200") })
        {
            var heads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(port, request)));
            var refused = heads.Where(head => head.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal)).ToList();
            Assert.InRange(refused.Count, 1, 20);
            Assert.All(refused, head => Assert.Matches("\r\nRetry-After: [1-9][0-9]*\r\n", head));
            Assert.All(heads.Except(refused), head => Assert.StartsWith($"HTTP/1.1 {good} ", head));
            Assert.StartsWith($"HTTP/1.1 {good} ", await AskAsync(port, request, from: $"127.0.0.{port % 200 + 10}"));
        }

        await Wait.UntilAsync(async () => (await AskAsync(server.HttpPort, Get)).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "the rate to allow a connection again");
    }

    [Fact]
    public async Task Over_the_rate_of_an_address_connections_with_TLS_are_closed()
    {
        using var folder = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync([.. TestCertificate.Settings(folder.Path), "Limits:ConnectionsPerIpPerSecond=3"]);
        foreach (var port in new[] { server.TcpPort, server.WebSocketPort, server.HttpPort })
        {
            var isOpen = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OpensTlsAsync(port)));
            Assert.Contains(false, isOpen);
            await Wait.UntilAsync(() => OpensTlsAsync(port), "the rate to allow a connection again");
        }
    }

    [Fact]
    public async Task One_open_connection_more_than_an_address_may_have_is_refused_on_each_port_until_one_has_gone()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIp=3");
        // By now the test's own connections of HTTP count as well.
        server.Http.Dispose();
        await using var first = await TestClient.LogInAsync(server, 10001);
        await using var second = await TestClient.LogInAsync(server, 10002, Transport.WebSocketJson);
        await using var third = await RawSocket.ConnectAsync(server.HttpPort);
        await third.SendAsync(Get);
        Assert.StartsWith("HTTP/1.1 200 ", (await third.ReadHttpAsync()).Head);

        await using var fourth = await RawSocket.ConnectAsync(server.TcpPort);
        var error = await fourth.ReadFrameAsync(Code.Error);
        Assert.Equal("rate_limited", error.Text("error"));
        Assert.True(error.Number("retryAfterMs") > 0);
        Assert.Empty(await fourth.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 429 ", await AskAsync(server.WebSocketPort, RawWebSocket.Request()));
        Assert.StartsWith("HTTP/1.1 429 ", await AskAsync(server.HttpPort, Get));
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(server.HttpPort, Get, from: "127.0.0.9"));

        await third.DisposeAsync();
        await Wait.UntilAsync(async () => (await AskAsync(server.HttpPort, Get)).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "the third's place to be free");
        Assert.Empty(await first.FlushAsync());
        Assert.Empty(await second.FlushAsync());
    }

    [Fact]
    public async Task A_silent_connection_over_the_rate_is_closed_without_a_word_from_it()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=1", "Gateway:LoginTimeoutSeconds=600");
        foreach (var port in new[] { server.TcpPort, server.WebSocketPort, server.HttpPort })
        {
            // One of them is let in, or one a second.
            var sockets = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RawSocket.ConnectAsync(port)));
            List<Task> ends = [.. sockets.Select(socket => socket.ReadToEndAsync())];
            await Wait.UntilAsync(() => ends.Count(end => end.IsCompletedSuccessfully) >= 3, "those over the rate to be closed");
            foreach (var socket in sockets)
                await socket.DisposeAsync();
        }
    }

    private static async Task<string> AskAsync(int port, string request, string? from = null)
    {
        await using var socket = await RawSocket.ConnectAsync(port, from: from);
        await socket.SendAsync(request);
        return await socket.ReadHeadAsync();
    }

    private static async Task<bool> OpensTlsAsync(int port)
    {
        try
        {
            await using var socket = await RawSocket.ConnectAsync(port, tls: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
