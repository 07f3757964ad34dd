using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>How sessions of the page end, and what ends with them.</summary>
public sealed class PageSessionTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private const string Other = "another good password";

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Signing_out_ends_the_cookie_its_token_and_its_connections_and_no_others()
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var elsewhere = await SignInAsync(client);
        using var stolen = Copy(client);
        await using var here = await client.ConnectAsync();
        await using var there = await elsewhere.ConnectAsync();
        var token = (await client.OkAsync("/im/getImConfig")).Text("token");
        await client.OkAsync("/account/logout");
        var bye = Assert.Single(await here.DrainAsync());
        Assert.Equal((Code.Bye, "signed_out", false), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        await AssertOutAsync(stolen);
        await using var late = await Server.PresentAsync(token, client.UserId);
        Assert.Equal("bad_token", Assert.Single(await late.DrainAsync()).Text("error"));
        Assert.Empty(await there.FlushAsync());
        Assert.True((await elsewhere.OkAsync("/home/initPage")).Flag("loginStatus"));
    }

    [Fact]
    public async Task A_kick_ends_cookies_and_the_password_signs_in_again()
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var elsewhere = await SignInAsync(client);
        await using var here = await client.ConnectAsync();
        Assert.Equal(1, (await ApiAsync(client.UserId, "kick", "{}")).Number("closed"));
        Assert.Equal("kicked", Assert.Single(await here.DrainAsync()).Text("reason"));
        await AssertOutAsync(client);
        await AssertOutAsync(elsewhere);
        Assert.Equal(200, (await client.LogInAsync()).Code);
        await using var again = await client.ConnectAsync();
    }

    [Fact]
    public async Task While_suspended_nobody_comes_in_by_any_way_also_after_a_restart()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var client = await PageClient.SignUpAsync(server);
        using var other = await PageClient.SignUpAsync(server);
        await using var here = await client.ConnectAsync();
        var minted = (await server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":{{client.UserId}},"account":true}""")).Text("token");
        var closed = await server.Http.PostJsonAsync($"/api/v1/users/{client.UserId}/suspend", """{"seconds":3600,"reason":"spam"}""");
        Assert.Equal(1, closed.Number("closed"));
        Assert.Equal("kicked", Assert.Single(await here.DrainAsync()).Text("reason"));
        await CheckAsync();
        await server.KillAsync();
        await server.StartAgainAsync();
        await CheckAsync();
        Assert.Equal(200, (await other.LogInAsync()).Code);

        await server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{client.UserId}/unsuspend");
        Assert.Equal(401, (await client.PostAsync("/im/getImConfig")).Code);
        Assert.Equal(200, (await client.LogInAsync()).Code);
        await using var again = await client.ConnectAsync();
        await server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{client.UserId}/unsuspend");

        async Task CheckAsync()
        {
            Assert.Equal(401, (await client.PostAsync("/im/getImConfig")).Code);
            Assert.Equal(403, (await client.LogInAsync()).Code);
            // To who does not know the password nothing is told.
            Assert.Equal(401, (await client.LogInAsync("wrong password")).Code);
            await server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/tokens", HttpStatusCode.Conflict, $$"""{"userId":{{client.UserId}},"account":true}""");
            foreach (var token in new[] { minted, TestTokens.Mint(server, client.UserId) })
            {
                await using var late = await server.PresentAsync(token, client.UserId);
                Assert.Equal("bad_token", Assert.Single(await late.DrainAsync()).Text("error"));
            }
        }
    }

    [Fact]
    public async Task A_suspension_is_of_any_user_and_ends_by_its_time()
    {
        await ApiAsync(10_061, "suspend", """{"seconds":1}""");
        await using (var refused = await Server.PresentAsync(TestTokens.Mint(Server, 10_061), 10_061))
            Assert.Equal("bad_token", Assert.Single(await refused.DrainAsync()).Text("error"));
        await Wait.UntilAsync(
            async () =>
            {
                await using var client = await Server.PresentAsync(TestTokens.Mint(Server, 10_061), 10_061);
                return (await client.ReceiveAsync()).Code == Code.Login;
            },
            "the suspension to end");
        await using var user = await TestClient.LogInAsync(Server, 10_062);
        Assert.Equal(1, (await ApiAsync(10_062, "suspend", "")).Number("closed"));
        Assert.Equal("kicked", Assert.Single(await user.DrainAsync()).Text("reason"));
        await Server.Http.CallAsync(HttpMethod.Post, "/api/v1/users/10062/unsuspend");
        await using var again = await TestClient.LogInAsync(Server, 10_062);
    }

    [Theory]
    [InlineData("suspend", """{"seconds":0}""")]
    [InlineData("suspend", """{"seconds":31536001}""")]
    [InlineData("suspend", """{"seconds":"soon"}""")]
    [InlineData("password", """{}""")]
    [InlineData("password", """{"password":"short"}""")]
    [InlineData("password", """{"password":"Password123"}""")]
    public async Task Bad_input_of_the_server_API_is_a_problem(string call, string body)
    {
        using var client = await PageClient.SignUpAsync(Server);
        await Server.Http.BadAsync($"/api/v1/users/{client.UserId}/{call}", body);
        Assert.True((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
    }

    [Fact]
    public async Task A_new_password_by_the_server_API_ends_everything_of_the_old_one()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var here = await client.ConnectAsync();
        Assert.Equal(1, (await ApiAsync(client.UserId, "password", $$"""{"password":"{{Other}}"}""")).Number("closed"));
        Assert.Equal("kicked", Assert.Single(await here.DrainAsync()).Text("reason"));
        await AssertOutAsync(client);
        Assert.Equal(401, (await client.LogInAsync()).Code);
        Assert.Equal(200, (await client.LogInAsync(Other)).Code);
        foreach (var nobody in new[] { 10_063, client.UserId + 100_000 })
            await Server.Http.ProblemAsync(HttpMethod.Post, $"/api/v1/users/{nobody}/password", HttpStatusCode.NotFound, $$"""{"password":"{{Other}}"}""");
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_all_other_sessions()
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var elsewhere = await SignInAsync(client);
        await using var there = await elsewhere.ConnectAsync();
        await using var here = await client.ConnectAsync();
        Assert.Equal(403, (await client.PostAsync("/account/password", ("old", "wrong password"), ("new", Other))).Code);
        foreach (var bad in new[] { "short", "QWERTYUIOP", "" })
            Assert.Equal(400, (await client.PostAsync("/account/password", ("old", PageClient.Password), ("new", bad))).Code);
        Assert.Equal(400, (await client.PostAsync("/account/password", ("new", Other))).Code);
        Assert.True((await elsewhere.OkAsync("/home/initPage")).Flag("loginStatus"));

        await client.OkAsync("/account/password", ("old", PageClient.Password), ("new", Other));
        Assert.Equal("signed_out", Assert.Single(await there.DrainAsync()).Text("reason"));
        await AssertOutAsync(elsewhere);
        Assert.Empty(await here.FlushAsync());
        Assert.True((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        Assert.Equal((401, 200), ((await elsewhere.LogInAsync()).Code, (await elsewhere.LogInAsync(Other)).Code));
        using var stranger = new PageClient(Server);
        Assert.Equal(401, (await stranger.PostAsync("/account/password", ("old", Other), ("new", PageClient.Password))).Code);
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one()
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var elsewhere = await SignInAsync(client);
        using var stranger = await PageClient.SignUpAsync(Server);
        await using var there = await elsewhere.ConnectAsync();
        var list = (await client.OkAsync("/account/sessions")).List;
        Assert.Equal(2, list.Count);
        Assert.All(list, s => Assert.Equal(["address", "agent", "current", "id", "lastSeen", "since"], s.Select(m => m.Key).Order()));
        Assert.All(list, s => Assert.Equal("127.0.0.1", s.Text("address")));
        Assert.All(list, s => Assert.InRange(s.Number("since"), DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds(), s.Number("lastSeen")));
        var other = Assert.Single(list, s => !s["current"]!.GetValue<bool>()).Text("id");
        // What is shown is not in the cookie.
        Assert.DoesNotContain(other, elsewhere.Cookies.GetCookieHeader(new Uri("http://127.0.0.1")));
        foreach (var (who, id) in new[] { (stranger, other), (client, "nobody"), (client, other + "x") })
            Assert.Equal(501, (await who.PostAsync("/account/endSession", ("id", id))).Code);
        Assert.Equal(400, (await client.PostAsync("/account/endSession")).Code);

        await client.OkAsync("/account/endSession", ("id", other));
        Assert.Equal("signed_out", Assert.Single(await there.DrainAsync()).Text("reason"));
        await AssertOutAsync(elsewhere);
        Assert.Equal(501, (await client.PostAsync("/account/endSession", ("id", other))).Code);
        var own = Assert.Single((await client.OkAsync("/account/sessions")).List);
        Assert.True(own["current"]!.GetValue<bool>());
        await client.OkAsync("/account/endSession", ("id", own.Text("id")));
        await AssertOutAsync(client);
    }

    [Fact]
    public async Task A_session_ends_after_its_days_however_it_was_used()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:SessionDays=2");
        using var client = await PageClient.SignUpAsync(server);
        await server.StopAsync();
        server.Sql($"UPDATE page_session SET created_at = created_at - {(long)TimeSpan.FromDays(1).TotalMilliseconds}");
        await server.StartAgainAsync();
        Assert.True((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        await server.StopAsync();
        server.Sql($"UPDATE page_session SET created_at = created_at - {(long)TimeSpan.FromDays(1).TotalMilliseconds}");
        await server.StartAgainAsync();
        await AssertOutAsync(client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sign_in_ends_the_session_whose_cookie_it_replaces(bool isAnother)
    {
        using var client = await PageClient.SignUpAsync(Server);
        using var elsewhere = await SignInAsync(client);
        using var another = await PageClient.SignUpAsync(Server);
        using var kept = Copy(client);
        await using var here = await client.ConnectAsync();
        await using var there = await elsewhere.ConnectAsync();
        // Who does not come in replaces nothing.
        Assert.Equal(401, (await client.LogInAsync("wrong password")).Code);
        Assert.True((await kept.OkAsync("/home/initPage")).Flag("loginStatus"));
        Assert.Equal(200, (await client.Named(isAnother ? another.Name : client.Name).LogInAsync()).Code);
        Assert.Equal("signed_out", Assert.Single(await here.DrainAsync()).Text("reason"));
        await AssertOutAsync(kept);
        Assert.Empty(await there.FlushAsync());
        Assert.Equal(isAnother ? 1 : 2, (await elsewhere.OkAsync("/account/sessions")).List.Count);

        // A sign-up does so too.
        using var before = Copy(client);
        await client.OkAsync("/account/register", ("name", PageClient.NewName()), ("password", PageClient.Password));
        await AssertOutAsync(before);
    }

    [Fact]
    public async Task With_the_oldest_of_too_many_sessions_go_its_connections()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var here = await client.ConnectAsync();
        await here.FlushAsync();
        Server.Sql(
            $"""
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 99)
            INSERT INTO page_session (id, account_id, created_at, seen_at, address, agent)
            SELECT 'made-up-' || n || '-{client.UserId}', account_id, created_at + n, seen_at, '', '' FROM number, page_session WHERE account_id = {client.UserId}
            """);
        using var elsewhere = await SignInAsync(client);
        Assert.Equal("signed_out", Assert.Single(await here.DrainAsync()).Text("reason"));
        await AssertOutAsync(client);
    }

    [Fact]
    public async Task Connections_end_with_a_session_whose_time_is_over_and_no_others()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:SessionDays=1", "Accounts:CookieHours=1");
        using var old = await PageClient.SignUpAsync(server);
        using var idle = await PageClient.SignUpAsync(server);
        using var young = await PageClient.SignUpAsync(server);
        await using var olds = await old.ConnectAsync();
        await using var idles = await idle.ConnectAsync();
        await using var youngs = await young.ConnectAsync();
        server.Sql($"UPDATE page_session SET created_at = created_at - {(long)TimeSpan.FromDays(1).TotalMilliseconds} WHERE account_id = {old.UserId}");
        server.Sql($"UPDATE page_session SET seen_at = seen_at - {(long)TimeSpan.FromHours(1).TotalMilliseconds} WHERE account_id = {idle.UserId}");
        // The server looks once a minute.
        await Wait.UntilAsync(() => server.Sql("SELECT count(*) FROM page_session", c => (long)c.ExecuteScalar()!) == 1, TimeSpan.FromSeconds(100), () => "the look");
        foreach (var ended in new[] { olds, idles })
        {
            var bye = Assert.Single(await ended.DrainAsync());
            Assert.Equal(("session_over", false), (bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        }

        Assert.Empty(await youngs.FlushAsync());
        Assert.True((await young.OkAsync("/home/initPage")).Flag("loginStatus"));
    }

    private static async Task AssertOutAsync(PageClient client)
    {
        Assert.False((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        foreach (var path in new[] { "/im/getImConfig", "/account/sessions", "/account/profile" })
            Assert.Equal(401, (await client.PostAsync(path)).Code);
    }

    private async Task<PageClient> SignInAsync(PageClient account)
    {
        var client = new PageClient(Server, account.UserId).Named(account.Name);
        Assert.Equal(200, (await client.LogInAsync()).Code);
        return client;
    }

    /// <summary>Another browser with the same cookie.</summary>
    private PageClient Copy(PageClient client)
    {
        var copy = new PageClient(Server, client.UserId);
        foreach (Cookie cookie in client.Cookies.GetAllCookies())
            copy.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1"));
        return copy;
    }

    private Task<JsonObject> ApiAsync(long user, string call, string body) =>
        Server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{user}/{call}", body.Length == 0 ? null : body);
}
