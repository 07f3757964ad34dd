using System.Buffers.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed class TokenApiTests(ServerFixture<AsShipped> fixture) : IClassFixture<ServerFixture<AsShipped>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task A_minted_token_logs_its_user_in()
    {
        var token = await _server.Http.MintAsync(10001);
        await using var client = await _server.PresentAsync(token, 10001);
        var reply = await client.ReceiveAsync(Code.Login);
        Assert.Equal(10001, reply.Number("userId"));
        Assert.Equal("true", reply.Text("data"));
    }

    [Fact]
    public async Task A_minted_token_is_refused_to_another_user()
    {
        var token = await _server.Http.MintAsync(10002);
        await using var client = await _server.PresentAsync(token, 10003);
        Assert.Equal("bad_token", Assert.Single(await client.DrainAsync()).Text("error"));
    }

    [Fact]
    public async Task Claims_of_a_token_beat_what_the_client_writes()
    {
        var minted = await _server.Http.PostJsonAsync("/api/v1/tokens", """{"userId":"10010","name":"旗鱼","avatar":"https://example.org/a.png","device":"phone-1"}""");
        await using var receiver = await TestClient.LogInAsync(_server, 10011);
        await using var sender = await _server.PresentAsync(minted.Text("token"), 10010, device: "another", platform: "ios");
        await sender.ReceiveAsync(Code.Login);
        await sender.SendAsync(Code.Message, TestClient.Chat(new JsonObject
        {
            ["content"] = "hello",
            ["objectId"] = 10011,
            ["userId"] = 99999,
            ["senderName"] = "somebody else",
            ["senderAvatar"] = "https://example.org/b.png",
        }));
        var data = (await receiver.ReceiveAsync(Code.Message)).Data;
        Assert.Equal(10010, data.Number("userId"));
        Assert.Equal("旗鱼", data.Text("senderName"));
        Assert.Equal("https://example.org/a.png", data.Text("senderAvatar"));

        var online = await _server.Http.GetJsonAsync("/api/v1/users/10010/online");
        var session = Assert.Single(online["sessions"]!.AsArray())!.AsObject();
        Assert.Equal("phone-1", session.Text("device"));
        Assert.Equal("ios", session.Text("platform"));
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData(1, 1)]
    [InlineData(86_400, 86_400)]
    public async Task A_token_expires_when_the_answer_says(int? ttl, int seconds)
    {
        var before = DateTimeOffset.UtcNow;
        var minted = await _server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":10020,"ttlSeconds":{{ttl?.ToString() ?? "null"}}}""");
        var after = DateTimeOffset.UtcNow;
        var expires = DateTimeOffset.Parse(minted.Text("expiresAt"));
        Assert.InRange(expires, before.AddSeconds(seconds - 1), after.AddSeconds(seconds));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(minted.Text("token").Split('.')[1]))!.AsObject();
        Assert.Equal(expires.ToUnixTimeSeconds(), claims.Number("exp"));
        Assert.Equal("10020", claims.Text("sub"));
        Assert.Equal(_server.AppId, claims.Number("app"));
        Assert.True(Guid.TryParse(claims.Text("jti"), out _));
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        // Past the 5 s that clocks may differ.
        var token = TestTokens.Mint(_server, 10030, payload => payload["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 6);
        await using var client = await _server.PresentAsync(token, 10030);
        Assert.Equal("bad_token", Assert.Single(await client.DrainAsync()).Text("error"));
    }

    [Fact]
    public async Task The_longest_claims_still_make_a_token_that_logs_in()
    {
        // Characters beyond the basic plane are the longest that a claim's JSON can hold.
        var fishes = string.Concat(Enumerable.Repeat("🐟", 512));
        var device = string.Concat(Enumerable.Repeat("🐟", 128));
        var body = new JsonObject { ["userId"] = 10040, ["name"] = fishes, ["avatar"] = fishes, ["device"] = device, ["rooms"] = Rooms(100) }.ToJsonString();
        var token = (await _server.Http.PostJsonAsync("/api/v1/tokens", body)).Text("token");
        await using var client = await _server.PresentAsync(token, 10040);
        await client.ReceiveAsync(Code.Login);
        await using var other = await TestClient.LogInAsync(_server, 10041);
        await client.ChatAsync(10041, "hi");
        Assert.Equal(fishes, (await other.ReceiveAsync(Code.Message)).Data.Text("senderName"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"userId":9999}""")]
    [InlineData("""{"userId":9007199254740992}""")]
    [InlineData("""{"userId":-10001}""")]
    [InlineData("""{"userId":"abc"}""")]
    [InlineData("""{"userId":10001.5}""")]
    [InlineData("""{"userId":10001,"ttlSeconds":0}""")]
    [InlineData("""{"userId":10001,"ttlSeconds":86401}""")]
    [InlineData("""{"userId":10001,"ttlSeconds":99999999999}""")]
    [InlineData("""{"userId":10001,"name":5}""")]
    [InlineData("""{"userId":10001,"rooms":7}""")]
    [InlineData("""{"userId":10001,"rooms":[0]}""")]
    [InlineData("""{"userId":10001,"rooms":[9007199254740992]}""")]
    [InlineData("""{"userId":10001,"rooms":[7,null]}""")]
    [InlineData("""{"userId":10001,"rooms":["x"]}""")]
    [InlineData("""{"userId":10001,"name":"\ud800"}""")]
    [InlineData("""{"userId":10001,"name":"a\u0000"}""")]
    [InlineData("""{"userId":10001,"avatar":"\u0000"}""")]
    [InlineData("""{"userId":10001,"device":"\u0000"}""")]
    public async Task Bad_input_is_a_problem(string body) => await _server.Http.BadAsync("/api/v1/tokens", body);

    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("[777]", "[777]")]
    [InlineData("""["777",9007199254740991,777]""", "[777,9007199254740991]")]
    public async Task Rooms_become_a_claim_of_integers(string rooms, string claim)
    {
        var token = (await _server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":10050,"rooms":{{rooms}}}""")).Text("token");
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
        Assert.Equal(claim, payload["rooms"]!.ToJsonString());
        await using var client = await _server.PresentAsync(token, 10050);
        await client.ReceiveAsync(Code.Login);
    }

    [Fact]
    public async Task More_than_a_hundred_rooms_are_a_problem() =>
        await _server.Http.BadAsync("/api/v1/tokens", new JsonObject { ["userId"] = 10001, ["rooms"] = Rooms(101) }.ToJsonString());

    [Theory]
    [InlineData("name", 512)]
    [InlineData("avatar", 512)]
    [InlineData("device", 128)]
    public async Task A_claim_over_its_length_is_a_problem(string claim, int length)
    {
        await _server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":10001,"{{claim}}":"{{new string('x', length)}}"}""");
        await _server.Http.BadAsync("/api/v1/tokens", $$"""{"userId":10001,"{{claim}}":"{{new string('x', length + 1)}}"}""");
    }

    private static JsonArray Rooms(int count) => [.. Enumerable.Range(0, count).Select(i => JsonValue.Create((1L << 53) - 1 - i))];
}
