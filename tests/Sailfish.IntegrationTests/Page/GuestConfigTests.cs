using System.Net;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>What the page gives to people without an account.</summary>
public sealed class GuestConfigTests
{
    [Fact]
    public async Task A_browser_stays_the_same_guest_by_its_cookie_over_a_restart_and_beside_an_account()
    {
        using var folder = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(folder.Path, ForGuests.Settings);
        using var browser = new PageClient(server);
        var config = await browser.OkAsync("/im/guestConfig");
        Assert.Equal((server.AppId, $"127.0.0.1:{server.WebSocketPort}", $"127.0.0.1:{server.TcpPort}"), (config.Number("appId"), config.Text("wsImServerAddress"), config.Text("tcpImServerAddress")));
        Assert.Equal(["appId", "tcpImServerAddress", "token", "userId", "wsImServerAddress"], config.Data.Select(member => member.Key).Order());
        var id = config.Number("userId");
        Assert.InRange(id, GuestSteps.FirstGuest, (1L << 53) - 1);
        var cookie = Assert.Single(browser.Cookies.GetAllCookies());
        Assert.Equal(("sailfish-guest", true, false), (cookie.Name, cookie.HttpOnly, cookie.Secure));
        Assert.DoesNotContain($"{id}", cookie.Value);
        var header = Assert.Single(config.Http.Headers.GetValues("Set-Cookie"));
        Assert.Contains("samesite=lax", header);
        Assert.True(cookie.Expires > DateTime.UtcNow.AddDays(29));

        Assert.Equal(id, (await browser.GuestConfigAsync()).User);
        using var account = await PageClient.SignUpAsync(server);
        account.Cookies.Add(browser.Cookies.GetAllCookies());
        Assert.Equal(id, (await account.GuestConfigAsync()).User);
        Assert.Equal(account.UserId, (await account.OkAsync("/im/getImConfig")).Number("userId"));
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal(id, (await browser.GuestConfigAsync()).User);
    }

    [Fact]
    public async Task Cookies_that_the_server_did_not_give_for_it_are_no_guests_and_ids_are_drawn_anew()
    {
        await using var server = await ServerProcess.StartAsync(ForGuests.Settings);
        using var signedOut = await PageClient.SignUpAsync(server);
        await signedOut.OkAsync("/account/logout");
        var foreign = signedOut.Cookies.GetAllCookies().Single(cookie => cookie.Name == "sailfish-device").Value;
        HashSet<long> ids = [];
        foreach (var value in new[] { "", "x", "CfDJ8made-up", new string('x', 2000), $"{GuestSteps.FirstGuest}", foreign })
        {
            using var browser = new PageClient(server);
            browser.Cookies.Add(new Cookie("sailfish-guest", value, "/", "127.0.0.1"));
            var (id, _) = await browser.GuestConfigAsync();
            Assert.InRange(id, GuestSteps.FirstGuest, (1L << 53) - 1);
            Assert.True(ids.Add(id));
            Assert.Equal(id, (await browser.GuestConfigAsync()).User);
            // Nor does it sign anybody in.
            Assert.False((await browser.OkAsync("/home/initPage")).Flag("loginStatus"));
        }

        for (var i = 0; i < 200; i++)
        {
            using var browser = new PageClient(server);
            Assert.True(ids.Add((await browser.GuestConfigAsync()).User));
        }

        // Drawn from the whole range: of so many some are in its upper half.
        Assert.Contains(ids, id => id > GuestSteps.FirstGuest + (GuestSteps.FirstGuest / 2));
        Assert.Contains(ids, id => id < GuestSteps.FirstGuest + (GuestSteps.FirstGuest / 2));
    }

    [Fact]
    public async Task The_cookie_is_the_hosts_own_where_the_sessions_is()
    {
        await using var server = await ServerProcess.StartAsync([.. ForGuests.Settings, "Accounts:CookieSecure=Always"]);
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false });
        var cookie = await GuestCookieAsync(http, server);
        Assert.StartsWith("__Host-sailfish-guest=", cookie);
        foreach (var word in new[] { "secure", "httponly", "samesite=lax", "path=/" })
            Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_room_is_shown_to_who_is_not_signed_in_and_nothing_else_is_done_for_him()
    {
        await using var server = await ServerProcess.StartAsync(ForGuests.Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var nobody = new PageClient(server);
        var shown = await nobody.OkAsync("/living/anchorConfig", ("roomId", room));
        var signedIn = await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal(signedIn.Data.Select(member => member.Key), shown.Data.Select(member => member.Key));
        Assert.Equal((room, anchor.UserId, 0L, false), (shown.Number("roomId"), shown.Number("anchorId"), shown.Number("userId"), shown.Flag("anchor")));
        Assert.Equal((anchor.Name, anchor.Name, $"/avatar/{anchor.UserId}.svg"), (shown.Text("roomName"), shown.Text("anchorNickName"), shown.Text("anchorImg")));
        foreach (var own in new[] { "nickName", "watcherNickName", "avatar", "watcherAvatar" })
            Assert.Equal("", shown.Text(own));
        await using (var guest = await nobody.VisitAsync(room))
        {
            Assert.Equal(1, (await nobody.OkAsync("/living/anchorConfig", ("roomId", room))).Number("viewers"));
            // In the room, and with the cookie of a guest.
            foreach (var path in new[] { "/living/like", "/living/mute", "/living/remove", "/living/closeLiving", "/im/getImConfig", "/account/profile", "/living/records" })
                Assert.Equal(401, (await nobody.PostAsync(path, ("roomId", room), ("count", 1), ("userId", 10_001))).Code);
        }

        Assert.Equal(400, (await nobody.PostAsync("/living/anchorConfig", ("roomId", 0))).Code);
        Assert.Equal(400, (await nobody.PostAsync("/living/anchorConfig", PageClient.Json("["))).Code);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        var gone = await nobody.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal((-1L, 0L, 0L, false), (gone.Number("roomId"), gone.Number("anchorId"), gone.Number("userId"), gone.Flag("anchor")));
    }

    [Fact]
    public async Task Where_guests_are_off_nobody_gets_in_without_an_account()
    {
        using var folder = new TemporaryDirectory();
        await using var on = await ServerProcess.StartAsync(folder.Path, ForGuests.Settings);
        using var before = new PageClient(on);
        var (id, token) = await before.GuestConfigAsync();
        await on.StopAsync();

        await using var server = await ServerProcess.StartAsync(folder.Path, [.. ForGuests.Settings, "Living:Guests=false"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var nobody = new PageClient(server, cookies: before.Cookies);
        foreach (var path in new[] { "/im/guestConfig", "/im/getImConfig", "/living/anchorConfig" })
        {
            var reply = await nobody.PostAsync(path, ("roomId", room));
            Assert.Equal(401, reply.Code);
            Assert.False(reply.Http.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(room, (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
        foreach (var good in new[] { token, TestTokens.Mint(server, id, GuestSteps.OfGuest) })
        {
            await using var client = await server.PresentAsync(good, id);
            Assert.Equal("bad_token", Assert.Single(await client.DrainAsync()).Text("error"));
        }

        await server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/tokens", HttpStatusCode.Conflict, $$"""{"userId":{{id}}}""");
    }

    [Fact]
    public async Task An_address_calls_for_its_guests_as_often_as_one_account_and_accounts_have_their_own_rate()
    {
        await using var server = await ServerProcess.StartAsync("Http:PageDir=/nonexistent", "Accounts:CallsPerSecond=1", "Accounts:CallsBurst=6");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        List<int> codes = [];
        for (var i = 0; i < 6; i++)
        {
            // Another browser each time: the cookie makes no difference.
            using var nobody = new PageClient(server);
            codes.Add((await nobody.PostAsync("/im/guestConfig")).Code);
            var reply = await nobody.PostAsync("/living/anchorConfig", ("roomId", room));
            codes.Add(reply.Code);
            if (reply.Code == 429)
                Assert.True(reply.Http.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }

        Assert.Equal(Enumerable.Repeat(200, 6), codes.Take(6));
        Assert.InRange(codes.Count(code => code == 429), 1, 6);
        Assert.All(codes, code => Assert.True(code is 200 or 429));
        await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
    }

    private static async Task<string> GuestCookieAsync(HttpClient http, ServerProcess server)
    {
        using var response = await http.PostAsync(new Uri($"http://127.0.0.1:{server.HttpPort}/im/guestConfig"), null);
        return Assert.Single(response.Headers.GetValues("Set-Cookie"));
    }
}
