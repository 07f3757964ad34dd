using System.Diagnostics;
using System.Net;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

public sealed class GracefulStopTests
{
    [Fact]
    public async Task SIGTERM_tells_every_client_when_to_come_back_and_exits_with_0()
    {
        await using var server = await ServerProcess.StartAsync("Limits:SyncsPerSecond=0");
        await using var tcp = await TestClient.LogInAsync(server, 10001);
        await using var binary = await TestClient.LogInAsync(server, 10002, Transport.WebSocketBinary);
        await using var legacy = await TestClient.LogInAsync(server, 10003, Transport.WebSocketLegacy, legacyRoom: 4);
        await using var silent = await TestClient.OpenAsync(server);
        await using var raw = await RawWebSocket.OpenAsync(server.WebSocketPort);
        await raw.LogInAsync(server, 10004);
        await using var notReading = await NotReadingAsync(server);
        Assert.Equal("ready", await server.Http.GetStringAsync("readyz"));

        var started = Stopwatch.GetTimestamp();
        server.SendTerm();
        foreach (var client in new[] { tcp, binary, legacy, silent })
            AssertBye(Assert.Single(await client.DrainAsync()));
        AssertBye(await raw.ReadJsonAsync());
        Assert.Equal(1001, await raw.CloseCodeAsync());
        await Wait.UntilAsync(() => IsUnreadyAsync(server), "readyz to say no");

        // The whole stop may take 14 s.
        Assert.Equal(0, await server.StopAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 15);
    }

    [Fact]
    public async Task SIGTERM_with_a_drain_delay_answers_503_before_anybody_is_told_to_go()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:DrainDelaySeconds=3");
        await using var client = await TestClient.LogInAsync(server, 10001);
        var stop = server.StopAsync();
        await Wait.UntilAsync(
            async () =>
            {
                using var answer = await server.Http.GetAsync("readyz");
                return answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable;
            },
            "/readyz to answer 503");
        // Still served meanwhile.
        Assert.Empty(await client.FlushAsync());
        Assert.Equal("draining", (await client.ReceiveAsync(Code.Bye)).Text("reason"));
        Assert.Equal(0, await stop);
    }

    [Fact]
    public async Task SIGTERM_does_not_wait_for_a_connection_that_never_asked_for_anything()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:LoginTimeoutSeconds=60");
        await using var silent = await RawSocket.ConnectAsync(server.HttpPort);
        await using var half = await RawSocket.ConnectAsync(server.WebSocketPort);
        await half.SendAsync("GET /ws HT");
        await using var client = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson);
        Assert.Equal("ready", await server.Http.GetStringAsync("readyz"));
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.StopAsync());

        // Well below the time after which the whole stop is cut short.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData("POST /account/lo")]
    [InlineData("POST /account/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")]
    public async Task SIGTERM_does_not_wait_for_a_request_that_never_gets_whole_and_stores_what_is_left(string start)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        await using var half = await RawSocket.ConnectAsync(server.HttpPort);
        await half.SendAsync(start);
        await ann.ChatAndReceiptAsync(10002, "hello");
        await bob.AckAsync(await bob.ReceiveAsync(Code.Message));
        await bob.FlushAsync();
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.StopAsync());

        // The whole stop may take 14 s.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
        Assert.DoesNotContain("The disk did not take", server.Output);
        await server.StartAgainAsync();
        Assert.Empty(await server.UnackedAsync(10002));
    }

    private static void AssertBye(ReceivedFrame bye)
    {
        Assert.Equal((Code.Bye, "draining", true), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        Assert.InRange(bye.Number("afterMs"), 0, 5000);
    }

    private static async Task<bool> IsUnreadyAsync(ServerProcess server)
    {
        try
        {
            using var answer = await server.Http.GetAsync(new Uri("readyz", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    /// <summary>A client whose answers fill every buffer on the way.</summary>
    private static async Task<RawSocket> NotReadingAsync(ServerProcess server)
    {
        await LargeAnswers.PrepareAsync(server, 10005);
        var client = await LargeAnswers.LogInAsync(server, 10005);
        var requests = Enumerable.Repeat(LargeAnswers.Request, 2000).SelectMany(f => f).ToArray();
        // The server stops reading when its answers are not read; then our own writes get stuck.
        await client.SendUntilStuckAsync(requests, long.MaxValue);
        return client;
    }
}
