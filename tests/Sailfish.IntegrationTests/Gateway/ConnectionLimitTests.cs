using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task More_connections_a_second_than_the_limit_are_rate_limited_and_later_ones_are_not()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=5");
        var clients = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TestClient.OpenAsync(server)));
        var answers = await Task.WhenAll(clients.Select(async client =>
        {
            // Those that were let in are told that they did not log in.
            var first = await client.ReceiveOrAskAsync();
            await client.DisposeAsync();
            return first;
        }));
        var refused = answers.Where(a => a.Text("error") == "rate_limited").ToList();
        Assert.All(refused, answer => Assert.InRange(answer.Number("retryAfterMs"), 1, 10_000));
        Assert.InRange(refused.Count, 1, 25);

        await Wait.UntilAsync(async () =>
        {
            await using var later = await TestClient.OpenAsync(server);
            await later.SendAsync(Code.Login, RawWebSocket.LoginBody(server, 10001));
            return (await later.TryReceiveAsync())?.Code == Code.Login;
        }, "the rate to allow a connection again");
    }

    [Fact]
    public async Task One_connection_too_many_is_told_server_full_and_fits_when_another_has_gone()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:MaxConnections=3");
        await using var first = await TestClient.LogInAsync(server, 10001);
        await using var second = await TestClient.LogInAsync(server, 10002, Transport.WebSocketJson);
        await using var third = await TestClient.LogInAsync(server, 10003, Transport.WebSocketBinary);
        foreach (var transport in new[] { Transport.Tcp, Transport.WebSocketJson })
        {
            await using var fourth = await TestClient.OpenAsync(server, transport);
            var bye = Assert.Single(await fourth.DrainAsync());
            Assert.Equal((Code.Bye, "server_full", true), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
            Assert.True(bye.Number("afterMs") > 0);
        }

        await third.DisposeAsync();
        await Wait.UntilAsync(async () =>
        {
            await using var next = await TestClient.OpenAsync(server);
            await next.SendAsync(Code.Login, RawWebSocket.LoginBody(server, 10004));
            return (await next.TryReceiveAsync())?.Code == Code.Login;
        }, "the place of the third to be free");
        Assert.Empty(await first.FlushAsync());
        Assert.Empty(await second.FlushAsync());
    }

    [Fact]
    public async Task The_21st_room_is_refused_until_one_is_left()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var client = await TestClient.LogInAsync(server, 10001);
        for (var room = 1; room <= 20; room++)
            await client.JoinAsync(room);
        await client.SendAsync(Code.Join, new JsonObject { ["roomId"] = 21 });
        var error = await client.ReceiveAsync();
        Assert.Equal((Code.Error, "too_many_rooms"), (error.Code, error.Text("error")));
        Assert.Equal(20, (await client.JoinAsync(20)).Number("roomId"));
        await client.SendAsync(Code.Leave, new JsonObject { ["roomId"] = 7 });
        Assert.Equal(7, (await client.ReceiveAsync(Code.Leave)).Number("roomId"));
        Assert.Equal(21, (await client.JoinAsync(21)).Number("roomId"));
    }

    [Fact]
    public async Task Hundreds_of_silent_connections_leave_the_server_serving_and_are_cut()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=0", "Gateway:LoginTimeoutSeconds=3");
        var silent = await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            var socket = await RawSocket.ConnectAsync((i % 3) switch { 0 => server.TcpPort, 1 => server.WebSocketPort, _ => server.HttpPort });
            if (i % 3 != 0 && i % 2 == 0)
                await socket.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nUpgr");
            return socket;
        }));
        await using var client = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson);
        Assert.Empty(await client.FlushAsync());
        var ends = await Task.WhenAll(silent.Select(s => s.ReadToEndAsync()));
        Assert.All(ends.Where((_, i) => i % 3 == 0), said => Assert.Contains("login_timeout", System.Text.Encoding.UTF8.GetString(said)));
        Assert.Empty(await client.FlushAsync());
        foreach (var socket in silent)
            await socket.DisposeAsync();
    }
}

internal static class LimitTestClient
{
    /// <summary>The first frame on a new connection, or the answer to a heartbeat when the server waits for us.</summary>
    public static async Task<ReceivedFrame> ReceiveOrAskAsync(this TestClient client)
    {
        try
        {
            await client.SendAsync(Code.Heartbeat, new JsonObject());
        }
        catch (IOException)
        {
            // Refused and closed already: what it said can still be read.
        }

        return await client.ReceiveAsync();
    }
}
