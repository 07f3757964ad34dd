using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Sessions;

/// <summary>How many guests come from one address, and how fast they go.</summary>
public sealed class GuestLimitTests
{
    private static readonly Transport[] All = [Transport.Tcp, Transport.WebSocketBinary, Transport.WebSocketJson, Transport.WebSocketLegacy];

    [Fact]
    public async Task One_guest_more_than_an_address_may_have_is_refused_on_every_port_until_one_has_gone()
    {
        await using var server = await ServerProcess.StartAsync("Living:GuestsPerAddress=4");
        List<TestClient> guests = [];
        foreach (var transport in All)
            guests.Add(await GuestSteps.LogInGuestAsync(server, GuestSteps.NewGuest(), transport));
        // The id of one who is in makes no difference.
        foreach (var id in new[] { GuestSteps.NewGuest(), guests[0].UserId })
        {
            foreach (var transport in All)
                await AssertRefusedAsync(await PresentAsync(server, id, transport));
            await AssertRefusedAsync(await PresentAsync(server, id, Transport.WebSocketJson, onWebPort: true));
        }

        await using var user = await TestClient.LogInAsync(server, TestIds.NewUser());
        await using (var elsewhere = await RawSocket.ConnectAsync(server.TcpPort, from: "127.0.0.9"))
        {
            await elsewhere.SendFrameAsync(Code.Login, LoginBody(server, GuestSteps.NewGuest()));
            await elsewhere.ReadFrameAsync(Code.Login);
        }

        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
            await Wait.UntilAsync(async () => await IsLetInAsync(server), "a seat to be free");
        }

        // All seats are free again, not one less.
        List<TestClient> again = [];
        for (var i = 0; i < 4; i++)
        {
            await Wait.UntilAsync(
                async () =>
                {
                    var client = await server.PresentAsync(TestTokens.Mint(server, GuestSteps.FirstGuest, GuestSteps.OfGuest), GuestSteps.FirstGuest);
                    again.Add(client);
                    return (await client.ReceiveAsync()).Code == Code.Login;
                },
                "another seat");
        }

        await AssertRefusedAsync(await PresentAsync(server, GuestSteps.NewGuest(), Transport.Tcp));
        foreach (var client in again)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Twenty_guests_of_an_address_are_let_in_as_shipped_and_logins_that_fail_take_no_seat()
    {
        await using var server = await ServerProcess.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await using var wrong = await server.PresentAsync(TestTokens.Mint(server, GuestSteps.FirstGuest, GuestSteps.OfGuest, secret: new string('x', 43)), GuestSteps.FirstGuest);
            Assert.Equal("bad_token", (await wrong.ReceiveAsync()).Text("error"));
        }

        var guests = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GuestSteps.LogInGuestAsync(server, GuestSteps.NewGuest())));
        await AssertRefusedAsync(await PresentAsync(server, GuestSteps.NewGuest(), Transport.Tcp));
        // A second LOGIN is ignored, and takes none either.
        await guests[0].SendAsync(Code.Login, LoginBody(server, guests[0].UserId));
        Assert.Empty(await guests[0].FlushAsync());
        await guests[0].DisposeAsync();
        await Wait.UntilAsync(async () => await IsLetInAsync(server), "a seat to be free");
        foreach (var guest in guests)
            await guest.DisposeAsync();
    }

    [Fact]
    public async Task Behind_proxies_the_address_that_they_name_counts()
    {
        await using var server = await ServerProcess.StartAsync("Living:GuestsPerAddress=1", "Http:TrustedProxies:0=127.0.0.1", "Gateway:ProxyProtocol=true");
        await using var first = await ByTcpAsync(server, "192.0.2.7");
        Assert.Equal(Code.Login, (await first.ReadFrameAsync())!.Code);
        await using var second = await ByTcpAsync(server, "192.0.2.7");
        Assert.Equal("rate_limited", (await second.ReadFrameAsync(Code.Error)).Text("error"));
        await using var other = await ByTcpAsync(server, "192.0.2.8");
        Assert.Equal(Code.Login, (await other.ReadFrameAsync())!.Code);

        // The same people by the web port, where the proxy says it in a header.
        foreach (var (address, expected) in new[] { ("192.0.2.7", Code.Error), ("192.0.2.9", Code.Login), ("192.0.2.8", Code.Error) })
        {
            await using var socket = await RawWebSocket.OpenAsync(server.HttpPort, headers: $"X-Forwarded-For: {address}\r\n");
            await socket.SendAsync(RawWebSocket.Text, $$"""{"code":1001,"body":{{LoginBody(server, GuestSteps.NewGuest()).ToJsonString()}}}""");
            Assert.Equal(expected, (await socket.ReadJsonAsync()).Code);
        }
    }

    [Fact]
    public async Task Guests_of_an_address_share_their_rates_whatever_their_ids_and_accounts_do_not()
    {
        await using var server = await ServerProcess.StartAsync(
            "Accounts:AttemptsPerMinute=0", "Limits:JoinsBurst=6", "Limits:JoinsPerSecond=1", "Limits:SyncsBurst=6", "Limits:SyncsPerSecond=1");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var anchors = await anchor.ConnectAsync(room);
        var refused = 0;
        for (var i = 0; i < 12; i++)
        {
            // Each comes, joins and goes: with paces of their own none would be refused.
            await using var guest = await GuestSteps.LogInGuestAsync(server, GuestSteps.NewGuest());
            await guest.SendAsync(Code.Join, new JsonObject { ["roomId"] = room });
            var answer = await guest.ReceiveAsync();
            if (answer.Code == Code.Join)
                continue;
            Assert.Equal(("rate_limited", room), (answer.Text("error"), answer.Number("roomId")));
            refused++;
        }

        Assert.InRange(refused, 1, 6);
        for (var i = 0; i < 3; i++)
            Assert.Equal(room, (await anchors.JoinAsync(room)).Number("roomId"));
    }

    [Fact]
    public async Task A_guest_with_more_connections_than_a_user_may_have_gives_the_oldest_away()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:MaxConnectionsPerUser=2", "Living:GuestsPerAddress=3");
        var id = GuestSteps.NewGuest();
        await using var first = await GuestSteps.LogInGuestAsync(server, id);
        await using var second = await GuestSteps.LogInGuestAsync(server, id);
        await using var third = await GuestSteps.LogInGuestAsync(server, id);
        Assert.Equal("too_many_sessions", (await first.DrainAsync())[^1].Text("reason"));
        // Its seat is free again.
        await Wait.UntilAsync(async () => await IsLetInAsync(server), "a seat to be free");
        Assert.Empty(await second.FlushAsync());
        Assert.Empty(await third.FlushAsync());
    }

    private static JsonObject LoginBody(ServerProcess server, long user) =>
        RawWebSocket.LoginBody(server, user, token: TestTokens.Mint(server, user, GuestSteps.OfGuest));

    private static async Task<RawSocket> ByTcpAsync(ServerProcess server, string address)
    {
        var socket = await RawSocket.ConnectAsync(server.TcpPort, preamble: Encoding.ASCII.GetBytes($"PROXY TCP4 {address} 198.51.100.1 1234 8085\r\n"));
        await socket.SendFrameAsync(Code.Login, LoginBody(server, GuestSteps.NewGuest()));
        return socket;
    }

    /// <summary>A connection that has said LOGIN, by its path or by a frame.</summary>
    private static async Task<TestClient> PresentAsync(ServerProcess server, long user, Transport transport, bool onWebPort = false)
    {
        var isLegacy = transport == Transport.WebSocketLegacy;
        var client = await TestClient.OpenAsync(server, transport, isLegacy ? $"/{TestTokens.Mint(server, user, GuestSteps.OfGuest)}/{user}" : null, onWebPort);
        if (!isLegacy)
            await client.SendAsync(Code.Login, LoginBody(server, user));
        return client;
    }

    private static async Task AssertRefusedAsync(TestClient client)
    {
        await using (client)
        {
            var error = Assert.Single(await client.DrainAsync());
            Assert.Equal((Code.Error, "rate_limited"), (error.Code, error.Text("error")));
            Assert.True(error.Number("retryAfterMs") > 0);
        }
    }

    private static async Task<bool> IsLetInAsync(ServerProcess server)
    {
        await using var client = await PresentAsync(server, GuestSteps.NewGuest(), Transport.Tcp);
        return (await client.ReceiveAsync()).Code == Code.Login;
    }
}
