using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Sessions;

public sealed class LoginTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private ServerProcess Server => fixture.Server;

    public static TheoryData<string> BadTokens =>
    [
        "missing", "null", "number", "empty", "garbage", "three dots", "huge", "expired", "wrong signature", "signature cut",
        "alg none", "alg HS384", "other user", "other app", "unknown app", "no app", "no exp", "no sub", "not yet valid", "below 10000", "above 2^53",
    ];

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_told_and_closes(string kind)
    {
        const long User = 11001;
        var body = RawWebSocket.LoginBody(Server, User);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonNode? Minted(Action<JsonObject> change) => TestTokens.Mint(Server, User, change);
        switch (kind)
        {
            case "missing": body.Remove("token"); break;
            case "other user": body["token"] = TestTokens.Mint(Server, User + 1); break;
            case "other app": body["appId"] = Server.AppId + 1; break;
            case "below 10000": (body["userId"], body["token"]) = (9999, TestTokens.Mint(Server, 9999)); break;
            case "above 2^53": (body["userId"], body["token"]) = (1L << 53, TestTokens.Mint(Server, 1L << 53)); break;
            default:
                body["token"] = kind switch
                {
                    "null" => null,
                    "number" => 5,
                    "empty" => "",
                    "garbage" => "garbage",
                    "three dots" => "...",
                    "huge" => new string('a', 60_000),
                    "expired" => Minted(t => t["exp"] = now - 10),
                    "wrong signature" => TestTokens.Mint(Server, User, secret: new string('x', 64)),
                    "signature cut" => TestTokens.Mint(Server, User)[..^2],
                    "alg none" => TestTokens.Mint(Server, User, algorithm: "none"),
                    "alg HS384" => TestTokens.Mint(Server, User, algorithm: "HS384"),
                    "unknown app" => Minted(t => t["app"] = Server.AppId + 1),
                    "no app" => Minted(t => t.Remove("app")),
                    "no exp" => Minted(t => t.Remove("exp")),
                    "no sub" => Minted(t => t.Remove("sub")),
                    "not yet valid" => Minted(t => t["nbf"] = now + 60),
                    _ => throw new ArgumentException(kind),
                };
                break;
        }

        await AssertRefusedAsync(body);
    }

    [Theory]
    [InlineData("""{"exp":"soon"}""")]
    [InlineData("""{"exp":1e300}""")]
    [InlineData("""{"exp":-1}""")]
    [InlineData("""{"exp":{}}""")]
    [InlineData("""{"sub":{}}""")]
    [InlineData("""{"sub":[]}""")]
    [InlineData("""{"sub":"11002 "}""")]
    [InlineData("""{"sub":"+11002"}""")]
    [InlineData("""{"sub":null}""")]
    [InlineData("""{"app":{}}""")]
    [InlineData("""{"app":1.5}""")]
    [InlineData("""{"app":null}""")]
    [InlineData("""{"iat":"x"}""")]
    [InlineData("""{"nbf":"x"}""")]
    [InlineData("""{"iat":null}""")]
    [InlineData("""{"rooms":null}""")]
    [InlineData("""{"rooms":777}""")]
    [InlineData("""{"rooms":"777"}""")]
    [InlineData("""{"rooms":{}}""")]
    [InlineData("""{"rooms":["777"]}""")]
    [InlineData("""{"rooms":[777,null]}""")]
    [InlineData("""{"rooms":[777.5]}""")]
    [InlineData("""{"rooms":[0]}""")]
    [InlineData("""{"rooms":[-1]}""")]
    [InlineData("""{"rooms":[9007199254740992]}""")]
    [InlineData("""{"rooms":[[777]]}""")]
    [InlineData("""{"aud":"live"}""")]
    [InlineData("""{"aud":["sailfish"]}""")]
    [InlineData("""{"aud":[]}""")]
    [InlineData("""{"aud":""}""")]
    [InlineData("""{"aud":null}""")]
    [InlineData("""{"aud":7}""")]
    [InlineData("""{"guest":true}""")]
    [InlineData("""{"guest":false}""")]
    [InlineData("""{"guest":null}""")]
    [InlineData("""{"guest":"true"}""")]
    [InlineData("""{"guest":1}""")]
    public async Task A_well_signed_token_with_claims_of_the_wrong_type_is_a_bad_token(string claims) =>
        await AssertRefusedAsync(RawWebSocket.LoginBody(Server, 11002, token: TestTokens.Mint(Server, 11002, t => Overwrite(t, claims))));

    [Fact]
    public async Task A_token_for_something_else_is_a_bad_token_however_it_says_so()
    {
        foreach (var name in new[] { "aud", @"\u0061ud", @"a\u0075d" })
        {
            var token = TestTokens.MintText(Server, 11074, claims => claims.Replace("{\"sub\"", $"{{\"{name}\":\"live\",\"sub\"", StringComparison.Ordinal));
            await AssertRefusedAsync(RawWebSocket.LoginBody(Server, 11074, token: token));
        }

        // Only this word says so.
        await using var client = await TestClient.LogInAsync(Server, 11074, changeToken: t => (t["Aud"], t["audience"]) = ("live", "live"));
        Assert.Equal(Code.Login, client.LoginReply!.Code);
    }

    [Theory]
    [InlineData(10, 310)]
    [InlineData(86_000, 86_300)]
    [InlineData(-10, 86_391)]
    [InlineData(0, 86_401)]
    [InlineData(-86_500, 60)]
    [InlineData(null, 86_500)]
    [InlineData(0, 9_000_000_000_000L)]
    [InlineData(null, 9_000_000_000_000L)]
    public async Task A_token_from_the_future_or_of_more_than_a_day_is_a_bad_token(int? issued, long expires) =>
        await AssertRefusedAsync(RawWebSocket.LoginBody(Server, 11070, token: Timed(11070, issued, expires)));

    [Theory]
    [InlineData(3, 300)]
    [InlineData(0, 86_400)]
    [InlineData(-86_000, 60)]
    [InlineData(null, 86_000)]
    public async Task A_token_of_a_day_at_the_most_logs_in(int? issued, long expires)
    {
        await using var client = await Server.PresentAsync(Timed(11071, issued, expires), 11071);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
    }

    [Theory]
    [InlineData("""["exp"]""")]
    [InlineData("""["b64"]""")]
    [InlineData("""[]""")]
    [InlineData("""true""")]
    [InlineData("""null""")]
    public async Task A_token_with_what_must_be_understood_is_a_bad_token(string critical) =>
        await AssertRefusedAsync(RawWebSocket.LoginBody(
            Server, 11072, token: TestTokens.Mint(Server, 11072, changeHeader: h => h["crit"] = JsonNode.Parse(critical))));

    [Fact]
    public async Task A_token_with_a_hundred_rooms_logs_in_and_with_one_more_does_not()
    {
        JsonArray Rooms(int count) => [.. Enumerable.Range(0, count).Select(i => JsonValue.Create((1L << 53) - 1 - i))];
        await using var client = await TestClient.LogInAsync(Server, 11073, changeToken: t => t["rooms"] = Rooms(100));
        await AssertRefusedAsync(RawWebSocket.LoginBody(Server, 11073, token: TestTokens.Mint(Server, 11073, t => t["rooms"] = Rooms(101))));
    }

    /// <summary>As a product's server has it that cuts a name in the middle of an emoji.</summary>
    [Theory]
    [InlineData("name", """Ann \ud83d""")]
    [InlineData("avatar", """\udc1f.png""")]
    [InlineData("device", """\ud83d\ud83d\udc1f""")]
    [InlineData("nick", """\uD83D""")]
    public async Task A_claim_with_half_a_character_counts_as_absent(string claim, string value)
    {
        var token = TestTokens.MintText(Server, 11074, text => text[..^1] + $",\"{claim}\":\"{value}\",\"other\":\"\\\\ud83d\"}}");
        await using var client = await TestClient.OpenAsync(Server);
        await client.SendAsync(Code.Login, RawWebSocket.LoginBody(Server, 11074, token: token));
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        Assert.Null(Assert.Single(await SessionsAsync(11074))!["device"]);
    }

    [Fact]
    public async Task A_token_with_half_a_character_is_checked_like_any_other()
    {
        string Minted(string? secret = null, string algorithm = "HS256", string more = "", Action<JsonObject>? changeHeader = null) => TestTokens.MintText(
            Server, 11075, text => text[..^1] + more + ",\"name\":\"\\ud83d\"}", secret, algorithm, changeHeader);
        string[] bad =
        [
            Minted(secret: new string('x', 64)), Minted(algorithm: "none"), Minted(algorithm: "HS384"), Minted()[..^2], Minted(more: ",\"exp\":1"),
            Minted(more: ",\"nbf\":99999999999"), Minted(changeHeader: h => h["crit"] = new JsonArray("x")),
        ];
        foreach (var token in bad)
            await AssertRefusedAsync(RawWebSocket.LoginBody(Server, 11075, token: token));
    }

    /// <summary>As a product's server has it that takes its language's ordinary base64: it works, so it must not fail now and then.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("aa")]
    public async Task A_token_in_ordinary_base64_with_its_padding_logs_in(string more)
    {
        string Encode(string part) => Convert.ToBase64String(Encoding.UTF8.GetBytes(part));
        var claims = Tokens.Claims(Server.App, 11076, TimeSpan.FromMinutes(5)).ToJsonString();
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode($$"""{{claims[..^1]}},"device":"???~~~{{more}}ÿÿÿ"}""")}";
        Assert.Contains('/', signed);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Server.TokenSecret), Encoding.ASCII.GetBytes(signed));
        await using var client = await TestClient.OpenAsync(Server);
        await client.SendAsync(Code.Login, RawWebSocket.LoginBody(Server, 11076, token: $"{signed}.{Base64Url.EncodeToString(signature)}"));
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
    }

    [Theory]
    [InlineData("""{"name":{},"avatar":[],"device":5}""")]
    [InlineData("""{"name":null,"avatar":null,"device":null}""")]
    [InlineData("""{"jti":7}""")]
    [InlineData("""{"jti":{}}""")]
    [InlineData("""{"iat":1e17}""")]
    [InlineData("""{"iat":-1}""")]
    [InlineData("""{"aud":"anyone","iss":"anyone"}""")]
    public async Task Odd_claims_that_do_not_matter_never_break_the_server(string claims)
    {
        await using var client = await TestClient.OpenAsync(Server);
        await client.SendAsync(Code.Login, RawWebSocket.LoginBody(Server, 11003, token: TestTokens.Mint(Server, 11003, t => Overwrite(t, claims))));
        var answer = await client.ReceiveAsync();
        Assert.Contains(answer.Text("error"), new[] { null, "bad_token" });
    }

    [Fact]
    public async Task A_token_with_a_bad_user_is_refused_whatever_the_body_says()
    {
        var body = RawWebSocket.LoginBody(Server, 11004);
        body["userId"] = "nobody";
        await AssertRefusedAsync(body);
    }

    [Fact]
    public async Task Ids_as_strings_log_in_and_are_answered_as_numbers()
    {
        await using var client = await TestClient.OpenAsync(Server);
        var body = RawWebSocket.LoginBody(Server, 11005, token: TestTokens.Mint(Server, 11005, t => t["app"] = $"{Server.AppId}"));
        body["userId"] = "11005";
        body["appId"] = $"{Server.AppId}";
        await client.SendAsync(Code.Login, body);
        var reply = await client.ReceiveAsync();
        Assert.Equal(Code.Login, reply.Code);
        Assert.Equal(11005, reply.Number("userId"));
        Assert.Equal(Server.AppId, reply.Number("appId"));
    }

    [Fact]
    public async Task A_numeric_sub_logs_in()
    {
        await using var client = await TestClient.LogInAsync(Server, 11006, changeToken: t => t["sub"] = 11006);
        Assert.Equal(11006, client.LoginReply!.Number("userId"));
    }

    [Fact]
    public async Task The_largest_user_id_logs_in()
    {
        await using var client = await TestClient.LogInAsync(Server, (1L << 52) - 1);
        Assert.Equal((1L << 52) - 1, client.LoginReply!.Number("userId"));
    }

    [Fact]
    public async Task Protocol_2_is_told_its_connection_and_protocol_1_is_not()
    {
        await using var modern = await TestClient.LogInAsync(Server, 11007);
        Assert.Equal("true", modern.LoginReply!.Text("data"));
        Assert.Equal(30, modern.LoginReply.Number("heartbeatSeconds"));
        Assert.NotEmpty(modern.LoginReply.Text("connectionId")!);
        await using var seed = await TestClient.LogInAsync(Server, 11007, protocol: 1);
        Assert.Equal(["appId", "data", "userId"], seed.LoginReply!.Body.Select(m => m.Key).Order());
    }

    [Theory]
    [InlineData(Code.Logout)]
    [InlineData(Code.Message)]
    [InlineData(Code.Heartbeat)]
    [InlineData(Code.Ack)]
    [InlineData(Code.Receipt)]
    [InlineData(Code.Sync)]
    [InlineData(Code.Join)]
    [InlineData(Code.Leave)]
    [InlineData(Code.Bye)]
    public async Task Any_other_code_before_LOGIN_is_told_and_closes(int code)
    {
        await using var client = await TestClient.OpenAsync(Server);
        await client.SendAsync(code, new JsonObject());
        var frame = Assert.Single(await client.DrainAsync());
        Assert.Equal((Code.Error, "not_logged_in"), (frame.Code, frame.Text("error")));
    }

    [Fact]
    public async Task A_second_LOGIN_is_ignored()
    {
        await using var client = await TestClient.LogInAsync(Server, 11008);
        await client.SendAsync(Code.Login, RawWebSocket.LoginBody(Server, 11009));
        await client.SendAsync(Code.Login, new JsonObject());
        Assert.Empty(await client.FlushAsync());
        await client.SendAsync(Code.Heartbeat, new JsonObject());
        Assert.Equal(11008, (await client.ReceiveAsync()).Number("userId"));
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.WebSocketBinary)]
    [InlineData(Transport.WebSocketJson)]
    [InlineData(Transport.WebSocketLegacy)]
    public async Task LOGOUT_is_answered_then_closes_and_the_user_is_offline(Transport transport)
    {
        var user = 11010 + (long)transport;
        await using var client = await TestClient.LogInAsync(Server, user, transport);
        await client.SendAsync(Code.Logout, new JsonObject());
        var frame = Assert.Single(await client.DrainAsync());
        Assert.Equal((Code.Logout, "true", user), (frame.Code, frame.Text("data"), frame.Number("userId")));
        await Wait.UntilAsync(async () => (await SessionsAsync(user)).Count == 0, "the user to go offline");
    }

    [Fact]
    public async Task Heartbeat_is_answered_and_tells_rooms_to_protocol_2_only()
    {
        await using var modern = await TestClient.LogInAsync(Server, 11020);
        await modern.SendAsync(Code.Heartbeat, new JsonObject());
        var reply = await modern.ReceiveAsync();
        Assert.Equal((Code.Heartbeat, "true", 11020L), (reply.Code, reply.Text("data"), reply.Number("userId")));
        Assert.Empty(reply.Body["rooms"]!.AsObject());
        await using var seed = await TestClient.LogInAsync(Server, 11021, protocol: 1);
        await seed.SendAsync(Code.Heartbeat, new JsonObject());
        Assert.Equal(["appId", "data", "userId"], (await seed.ReceiveAsync()).Body.Select(m => m.Key).Order());
    }

    [Fact]
    public async Task The_same_device_again_replaces_the_older_and_its_late_close_leaves_the_newer()
    {
        await using var older = await TestClient.LogInAsync(Server, 11030, device: "phone");
        await older.JoinAsync(301);
        await using var newer = await TestClient.LogInAsync(Server, 11030, device: "phone");
        await newer.JoinAsync(301);
        var bye = Assert.Single(await older.DrainAsync());
        Assert.Equal((Code.Bye, "replaced", false), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        await older.DisposeAsync();

        // Whatever the older one's end does, it has done once its room has one connection less.
        await using var friend = await TestClient.LogInAsync(Server, 11031);
        await friend.JoinAsync(301);
        Assert.Equal([newer.LoginReply!.Text("connectionId")!], (await SessionsAsync(11030)).Select(s => s!["connectionId"]!.GetValue<string>()));
        await friend.ChatAsync(11030, "direct");
        Assert.Equal("direct", (await newer.ReceiveAsync(Code.Message)).Data["content"]!.GetValue<string>());
        await friend.ChatInRoomAsync(301, "room");
        Assert.Equal("room", (await newer.ReceiveAsync(Code.Message)).Data["content"]!.GetValue<string>());
        Assert.Single(await SessionsAsync(11030));
    }

    [Fact]
    public async Task A_device_that_comes_back_many_times_at_once_ends_with_one_session()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => TestClient.OpenAsync(Server)));
        await Task.WhenAll(clients.Select(client =>
        {
            var body = RawWebSocket.LoginBody(Server, 11032);
            body["deviceId"] = "tablet";
            return client.SendAsync(Code.Login, body);
        }));
        foreach (var client in clients)
            await client.ReceiveAsync(Code.Login);
        var last = Assert.Single(await SessionsAsync(11032))!["connectionId"]!.GetValue<string>();
        await using var friend = await TestClient.LogInAsync(Server, 11033);
        await friend.ChatAsync(11032, "still there");
        var reached = 0;
        foreach (var client in clients)
        {
            var frame = await client.TryReceiveAsync();
            if (frame?.Code == Code.Message)
                reached++;
            else
                Assert.Equal("replaced", frame?.Text("reason"));
        }

        Assert.Equal(1, reached);
        Assert.Equal(last, Assert.Single(await SessionsAsync(11032))!["connectionId"]!.GetValue<string>());
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Connections_without_a_device_stand_side_by_side_and_the_eleventh_closes_the_oldest()
    {
        List<TestClient> clients = [];
        for (var i = 0; i < 10; i++)
            clients.Add(await TestClient.LogInAsync(Server, 11040));
        Assert.Equal(10, (await SessionsAsync(11040)).Count);
        Assert.Empty(await clients[0].FlushAsync());
        clients.Add(await TestClient.LogInAsync(Server, 11040));
        var bye = Assert.Single(await clients[0].DrainAsync());
        Assert.Equal((Code.Bye, "too_many_sessions", false), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        Assert.Equal(10, (await SessionsAsync(11040)).Count);
        foreach (var client in clients.Skip(1))
        {
            Assert.Empty(await client.FlushAsync());
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_device_of_the_token_goes_before_the_body()
    {
        await using var first = await TestClient.LogInAsync(Server, 11050, device: "a", changeToken: t => t["device"] = "fixed");
        await using var second = await TestClient.LogInAsync(Server, 11050, device: "b", changeToken: t => t["device"] = "fixed");
        Assert.Equal("replaced", Assert.Single(await first.DrainAsync()).Text("reason"));
        Assert.Equal("fixed", Assert.Single(await SessionsAsync(11050))!["device"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_kick_closes_and_revokes_and_a_new_token_logs_in()
    {
        var body = RawWebSocket.LoginBody(Server, 11060);
        await using var client = await TestClient.OpenAsync(Server);
        await client.SendAsync(Code.Login, body.DeepClone());
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        using var kicked = await Server.Http.PostAsJsonAsync("api/v1/users/11060/kick", new { reason = "test" });
        kicked.EnsureSuccessStatusCode();
        var bye = Assert.Single(await client.DrainAsync());
        Assert.Equal((Code.Bye, "kicked", false), (bye.Code, bye.Text("reason"), bye.Body["reconnect"]!.GetValue<bool>()));
        await AssertRefusedAsync(body);

        using var minted = await Server.Http.PostAsJsonAsync("api/v1/tokens", new { userId = 11060 });
        body["token"] = (await minted.Content.ReadFromJsonAsync<JsonObject>())!["token"]!.GetValue<string>();
        await using var again = await TestClient.OpenAsync(Server);
        await again.SendAsync(Code.Login, body);
        Assert.Equal(Code.Login, (await again.ReceiveAsync()).Code);
    }

    private string Timed(long user, int? issued, long expires) => TestTokens.Mint(Server, user, t =>
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        t["exp"] = now + expires;
        if (issued is { } ahead)
            t["iat"] = now + ahead;
        else
            t.Remove("iat");
    });

    private static void Overwrite(JsonObject token, string claims)
    {
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
            token[name] = value?.DeepClone();
    }

    private async Task AssertRefusedAsync(JsonObject body)
    {
        await using var client = await TestClient.OpenAsync(Server);
        await client.SendAsync(Code.Login, body.DeepClone());
        var frame = Assert.Single(await client.DrainAsync());
        Assert.Equal((Code.Error, "bad_token"), (frame.Code, frame.Text("error")));
    }

    private async Task<JsonArray> SessionsAsync(long user) =>
        (await Server.Http.GetFromJsonAsync<JsonObject>($"api/v1/users/{user}/online"))!["sessions"]!.AsArray();
}
