using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed class PresenceApiTests(ServerFixture<AsShipped> fixture) : IClassFixture<ServerFixture<AsShipped>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task Online_tells_each_session_of_a_user()
    {
        var offline = await _server.Http.GetJsonAsync("/api/v1/users/10201/online");
        Assert.False(offline["online"]!.GetValue<bool>());
        Assert.Empty(offline["sessions"]!.AsArray());

        var before = DateTimeOffset.UtcNow;
        await using var phone = await _server.PresentAsync(await _server.Http.MintAsync(10201), 10201, device: "phone", platform: "android");
        var login = await phone.ReceiveAsync(Code.Login);
        await using var legacy = await TestClient.LogInAsync(_server, 10201, Transport.WebSocketLegacy);
        var online = await _server.Http.GetJsonAsync("/api/v1/users/10201/online");
        Assert.True(online["online"]!.GetValue<bool>());
        var sessions = online["sessions"]!.AsArray().Select(s => s!.AsObject()).ToList();
        Assert.Equal(2, sessions.Count);
        Assert.Equal(2, sessions.Select(s => s.Text("connectionId")).Distinct().Count());
        var first = Assert.Single(sessions, s => s.Text("connectionId") == login.Text("connectionId"));
        Assert.Equal("phone", first.Text("device"));
        Assert.Equal("android", first.Text("platform"));
        Assert.InRange(DateTimeOffset.Parse(first.Text("since")), before.AddMilliseconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal("web", Assert.Single(sessions, s => s != first).Text("platform"));

        await phone.SendAsync(Code.Logout, new JsonObject());
        await phone.DrainAsync();
        await Wait.UntilAsync(
            async () => (await _server.Http.GetJsonAsync("/api/v1/users/10201/online"))["sessions"]!.AsArray().Count == 1, "the session to go");
    }

    [Fact]
    public async Task Online_of_many_is_a_map()
    {
        await using var client = await TestClient.LogInAsync(_server, 10211);
        var map = await _server.Http.PostJsonAsync("/api/v1/online", """{"users":[10211,"10212",10211]}""");
        Assert.Equal(2, map.Count);
        Assert.True(map["10211"]!.GetValue<bool>());
        Assert.False(map["10212"]!.GetValue<bool>());
        Assert.Empty(await _server.Http.PostJsonAsync("/api/v1/online", """{"users":[]}"""));
        await _server.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{string.Join(',', Enumerable.Range(20_000, 1000))}}]}""");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"users":null}""")]
    [InlineData("""{"users":[9999]}""")]
    [InlineData("""{"users":[null]}""")]
    [InlineData("""{"users":10001}""")]
    public async Task Bad_users_of_online_are_a_problem(string body) => await _server.Http.BadAsync("/api/v1/online", body);

    [Fact]
    public async Task Too_many_users_of_online_are_a_problem() =>
        await _server.Http.BadAsync("/api/v1/online", $$"""{"users":[{{string.Join(',', Enumerable.Range(20_000, 1001))}}]}""");

    [Fact]
    public async Task Unacked_counts_by_conversation_until_the_ack()
    {
        foreach (var from in new[] { 10222, 10222, 10223 })
            await _server.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{"content":"x"},"from":{{from}},"to":{"user":10221} }""");
        var unacked = await _server.Http.GetJsonAsync("/api/v1/users/10221/unacked");
        Assert.Equal(2, unacked["d:10221:10222"]!.GetValue<long>());
        Assert.Equal(1, unacked["d:10221:10223"]!.GetValue<long>());

        await using var client = await TestClient.LogInAsync(_server, 10221);
        await client.SendAsync(Code.Ack, new JsonObject { ["conversation"] = "d:10221:10222", ["seq"] = 2 });
        await client.FlushAsync();
        unacked = await _server.Http.GetJsonAsync("/api/v1/users/10221/unacked");
        Assert.Equal("""{"d:10221:10223":1}""", unacked.ToJsonString());
        // A sender has nothing to ack.
        Assert.Empty(await _server.Http.GetJsonAsync("/api/v1/users/10222/unacked"));
    }

    [Fact]
    public async Task Kick_closes_all_connections_and_voids_earlier_tokens_only()
    {
        var before = await _server.Http.MintAsync(10231);
        await using var tcp = await TestClient.LogInAsync(_server, 10231);
        await using var webSocket = await TestClient.LogInAsync(_server, 10231, Transport.WebSocketBinary);
        await using var bystander = await TestClient.LogInAsync(_server, 10232);
        var answer = await _server.Http.PostJsonAsync("/api/v1/users/10231/kick", """{"reason":"spam"}""");
        Assert.Equal(2, answer.Number("closed"));
        foreach (var client in new[] { tcp, webSocket })
        {
            var bye = Assert.Single(await client.DrainAsync());
            Assert.Equal(Code.Bye, bye.Code);
            Assert.Equal("kicked", bye.Text("reason"));
            Assert.False(bye.Body["reconnect"]!.GetValue<bool>());
        }

        Assert.Empty(await bystander.FlushAsync());
        await using var refused = await _server.PresentAsync(before, 10231);
        Assert.Equal("bad_token", Assert.Single(await refused.DrainAsync()).Text("error"));
        await using var accepted = await _server.PresentAsync(await _server.Http.MintAsync(10231), 10231);
        Assert.Equal(Code.Login, (await accepted.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task A_token_minted_at_once_after_a_kick_is_good_each_time()
    {
        for (var i = 0; i < 20; i++)
        {
            await _server.Http.CallAsync(HttpMethod.Post, "/api/v1/users/10241/kick");
            await using var client = await _server.PresentAsync(await _server.Http.MintAsync(10241), 10241);
            Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        }
    }

    [Fact]
    public async Task A_kick_outlives_a_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        var before = await server.Http.MintAsync(10251);
        Assert.Equal(0, (await server.Http.CallAsync(HttpMethod.Post, "/api/v1/users/10251/kick")).Number("closed"));
        await server.KillAsync();
        await server.StartAgainAsync();
        await using var refused = await server.PresentAsync(before, 10251);
        Assert.Equal("bad_token", Assert.Single(await refused.DrainAsync()).Text("error"));
    }

    [Fact]
    public async Task A_kick_with_a_bad_reason_is_a_problem()
    {
        await _server.Http.BadAsync("/api/v1/users/10261/kick", $$"""{"reason":"{{new string('x', 201)}}"}""");
        await _server.Http.BadAsync("/api/v1/users/10261/kick", """{"reason":5}""");
        foreach (var call in new[] { "kick", "suspend" })
        {
            await _server.Http.BadAsync($"/api/v1/users/10261/{call}", """{"reason":"a\u0000"}""");
            // Characters are what people count.
            await _server.Http.BadAsync($"/api/v1/users/10261/{call}", $$"""{"reason":"{{string.Concat(Enumerable.Repeat("🐟", 201))}}"}""");
            await _server.Http.PostJsonAsync($"/api/v1/users/10261/{call}", $$"""{"reason":"{{string.Concat(Enumerable.Repeat("🐟", 200))}}"}""");
        }
    }

    [Fact]
    public async Task Tags_are_given_listed_and_taken()
    {
        const string Path = "/api/v1/users/10271/tags";
        Assert.Equal("[]", (await _server.Http.GetJsonAsync(Path))["tags"]!.ToJsonString());
        await _server.Http.PostJsonAsync(Path, """{"tag":"vip"}""");
        await _server.Http.PostJsonAsync(Path, """{"tag":"vip"}""");
        Assert.Equal("""["rich","vip"]""", (await _server.Http.PostJsonAsync(Path, """{"tag":"rich"}"""))["tags"]!.ToJsonString());
        Assert.Equal("""["rich"]""", (await _server.Http.CallAsync(HttpMethod.Delete, Path + "/vip"))["tags"]!.ToJsonString());
        Assert.Equal("""["rich"]""", (await _server.Http.CallAsync(HttpMethod.Delete, Path + "/old"))["tags"]!.ToJsonString());
        Assert.Equal("""["rich"]""", (await _server.Http.GetJsonAsync(Path))["tags"]!.ToJsonString());
        foreach (var body in new[] { "{}", """{"tag":"boss"}""", """{"tag":null}""", """{"tag":"VIP"}""" })
            await _server.Http.BadAsync(Path, body);
        await _server.Http.ProblemAsync(HttpMethod.Delete, Path + "/boss", HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("GET", "online")]
    [InlineData("GET", "unacked")]
    [InlineData("POST", "kick")]
    [InlineData("GET", "tags")]
    [InlineData("DELETE", "tags/vip")]
    public async Task An_id_that_is_no_users_is_a_problem(string method, string call)
    {
        foreach (var id in new[] { "0", "-1", "9999", "9007199254740992" })
            await _server.Http.ProblemAsync(new HttpMethod(method), $"/api/v1/users/{id}/{call}", HttpStatusCode.BadRequest);
        foreach (var id in new[] { "abc", "99999999999999999999" })
            await _server.Http.ProblemAsync(new HttpMethod(method), $"/api/v1/users/{id}/{call}", HttpStatusCode.NotFound);
    }
}
