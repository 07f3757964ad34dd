using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>Request heads that are meant for whoever reads the log, or for a parser that is less strict than another.</summary>
public sealed class HeadTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData("Origin: http://evil.example\u001b[2J")]
    [InlineData("Origin: http://evil.example\u0007")]
    [InlineData("Origin: http://evil.example\rFAKE crit: admin logged in")]
    [InlineData("Origin: http://evil.example\nFAKE crit")]
    [InlineData("X-Any: a\u0001b")]
    [InlineData("X-Any: a\u007fb")]
    [InlineData("X-Any: a\0b")]
    [InlineData("User-Agent: \u001b]0;title\u0007")]
    [InlineData("Host: other.example")]
    public async Task A_head_with_control_characters_or_two_hosts_is_refused_with_400_and_not_logged(string header)
    {
        foreach (var port in new[] { Server.HttpPort, Server.WebSocketPort })
        {
            foreach (var request in new[] { RawWebSocket.Request(headers: header + "\r\n"), $"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n" })
            {
                await using var socket = await RawSocket.ConnectAsync(port);
                await socket.SendAsync(request);
                Assert.StartsWith("HTTP/1.1 400 ", await socket.ReadHeadAsync());
            }
        }

        Assert.DoesNotContain("FAKE", Server.Output);
        Assert.DoesNotContain('\u001b', Server.Output);
    }

    [Fact]
    public async Task A_tab_and_letters_beyond_ASCII_in_a_head_are_fine()
    {
        await using var socket = await RawSocket.ConnectAsync(Server.HttpPort);
        await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Any: a\tb\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await socket.ReadHeadAsync());
        await using var webSocket = await RawWebSocket.OpenAsync(Server.HttpPort, headers: "X-Any: a\tb \u00e9\r\n");
        await webSocket.LogInAsync(Server, 10001);
    }

    [Fact]
    public async Task Many_refused_origins_are_a_few_lines_in_the_log_each_escaped_and_cut()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=0");
        for (var i = 0; i < 60; i++)
        {
            await using var socket = await RawSocket.ConnectAsync(server.WebSocketPort);
            await socket.SendAsync(RawWebSocket.Request(headers: $"Origin: http://\u009b31mevil{new string('x', 3000)}.example\r\n"));
            Assert.StartsWith("HTTP/1.1 403 ", Encoding.Latin1.GetString(await socket.ReadToEndAsync()));
        }

        await server.SaidAsync("evilx");
        var lines = server.Output.Split('\n').Where(line => line.Contains("evilx", StringComparison.Ordinal)).ToList();
        Assert.InRange(lines.Count, 1, 40);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 500));
        Assert.All(lines, line => Assert.Contains("\\u{9B}31m", line));
    }
}
