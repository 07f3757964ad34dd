using System.Net;
using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>What holds for every row of the page API: forms and JSON, sessions, broken bodies, other sites.</summary>
public sealed class PageRequestTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private ServerProcess Server => fixture.Server;

    public static TheoryData<string> Posts =>
    [
        "/living/unremove", "/living/restrictions", "/living/members", "/living/cover",
        "/account/register", "/account/login", "/account/logout", "/account/profile", "/account/avatar", "/home/initPage",
        "/account/password", "/account/sessions", "/account/endSession",
        "/living/startingLiving", "/living/edit", "/living/closeLiving", "/living/anchorConfig", "/living/list", "/living/records",
        "/living/like", "/living/mute", "/living/unmute", "/living/remove", "/living/stream", "/living/resetStreamKey", "/im/getImConfig", "/im/guestConfig",
    ];

    [Theory]
    [InlineData("/account/profile")]
    [InlineData("/account/avatar")]
    [InlineData("/account/password")]
    [InlineData("/account/sessions")]
    [InlineData("/account/endSession")]
    [InlineData("/living/startingLiving")]
    [InlineData("/living/edit")]
    [InlineData("/living/closeLiving")]
    [InlineData("/living/records")]
    [InlineData("/living/like")]
    [InlineData("/living/mute")]
    [InlineData("/living/unmute")]
    [InlineData("/living/remove")]
    [InlineData("/living/unremove")]
    [InlineData("/living/restrictions")]
    [InlineData("/living/members")]
    [InlineData("/living/cover")]
    [InlineData("/im/getImConfig")]
    public async Task Without_a_session_is_401(string path)
    {
        using var nobody = new PageClient(Server);
        (string, object)[] input = [("roomId", 1_000_001), ("type", 1), ("page", 1), ("pageSize", 10), ("userId", 10005), ("nickName", "n")];
        Assert.Equal(401, (await nobody.PostAsync(path, input)).Code);
        Assert.Equal(401, (await nobody.PostAsync(Dress.Json, path, input)).Code);
        Assert.Equal(401, (await nobody.PostAsync(path, content: null)).Code);
        nobody.Cookies.Add(new Cookie("sailfish", "CfDJ8made-up", "/", "127.0.0.1"));
        Assert.Equal(401, (await nobody.PostAsync(path, input)).Code);
    }

    [Fact]
    public async Task Without_a_session_the_first_page_and_the_list_are_there()
    {
        using var nobody = new PageClient(Server);
        var reply = await nobody.OkAsync("/home/initPage");
        Assert.False(reply.Flag("loginStatus"));
        // Others open rooms on this server: whatever the list holds, a visitor may see it.
        Assert.NotNull((await nobody.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 10))).List);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_foreign_origin_is_403_and_the_own_one_is_not(string path)
    {
        using var client = await PageClient.SignUpAsync(Server, vip: true);
        foreach (var origin in new[] { "https://evil.example", "null", $"http://127.0.0.1:{Server.HttpPort + 1}", "http://127.0.0.1", "garbage" })
            Assert.Equal(403, (await client.PostAsync(path, PageClient.Json("{}"), origin)).Code);
        Assert.NotEqual(403, (await client.PostAsync(path, PageClient.Json("{}"), $"http://127.0.0.1:{Server.HttpPort}")).Code);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_that_is_neither_form_nor_object_is_an_envelope_and_no_fault(string path)
    {
        using var client = await PageClient.SignUpAsync(Server, vip: true);
        var isFree = path is "/account/logout" or "/account/sessions" or "/home/initPage" or "/im/getImConfig" or "/im/guestConfig" or "/living/stream" or "/living/resetStreamKey";
        List<Func<HttpContent>> bodies =
        [
            () => PageClient.Json("{"), () => PageClient.Json("[]"), () => PageClient.Json("null"), () => PageClient.Json("7"),
            () => PageClient.Json("""{"type":{},"roomId":[1],"page":null,"name":{},"password":1}"""),
            () => PageClient.Json("""{"type":1.5,"roomId":1e400,"page":"x","pageSize":"99999999999999999999","name":"\ud800","password":"\ud800"}"""),
            () => PageClient.Json(new string('[', 5000)),
            () => new ByteArrayContent([0xFF, 0xFE, 0x00]),
            () => new StringContent("type=1", Encoding.UTF8, "text/plain"),
            () => new StringContent("no parts", Encoding.UTF8, "multipart/form-data"),
            () => Typed("no parts", "multipart/form-data; boundary=x"),
            () => Typed("--x\r\nContent-Disposition: form-data; name=\"roomId\"\r\n\r\n1", "multipart/form-data; boundary=x"),
            () => Typed(string.Concat(Enumerable.Repeat("a=b&", 5000)), "application/x-www-form-urlencoded"),
        ];
        for (var i = 0; i < bodies.Count; i++)
        {
            var reply = await client.PostAsync(path, bodies[i]());
            Assert.True(reply.Code == (isFree ? 200 : 400), $"{path}, body {i}: {reply.Code} {reply.Msg}");
        }
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task GET_is_refused(string path)
    {
        using var client = new PageClient(Server);
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("/account/login", "application/json", 400)]
    [InlineData("/account/login", "application/x-www-form-urlencoded", 400)]
    [InlineData("/living/list", "multipart/form-data; boundary=x", 400)]
    [InlineData("/account/avatar", "multipart/form-data; boundary=x", 401)]
    public async Task A_body_larger_than_any_good_one_is_answered_before_it_came(string path, string type, int code)
    {
        await using var socket = await RawSocket.ConnectAsync(Server.HttpPort);
        await socket.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: 5000000\r\n\r\n");
        var (head, body) = await socket.ReadHttpAsync();
        Assert.StartsWith($"HTTP/1.1 {(code == 400 ? 200 : code)} ", head);
        Assert.StartsWith($$"""{"code":{{code}},""", body);
    }

    [Fact]
    public async Task A_fault_of_the_server_is_500_in_the_envelope()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var client = await PageClient.SignUpAsync(server);
        server.Sql("DROP TABLE living_room_record");
        var reply = await client.PostAsync("/living/records", ("page", 1), ("pageSize", 1));
        Assert.Equal(500, reply.Code);
        Assert.DoesNotContain("living_room", reply.Msg);
        await client.OkAsync("/home/initPage");
    }

    [Theory]
    [InlineData(Dress.Form)]
    [InlineData(Dress.Json)]
    public async Task Bad_input_is_400_of_each_row(Dress dress)
    {
        using var client = await PageClient.SignUpAsync(Server, vip: true);
        var room = await client.StartAsync();
        (string Path, (string, object)[] Input)[] calls =
        [
            ("/account/register", []),
            ("/account/register", [("name", "aa"), ("password", "12345")]),
            ("/account/register", [("name", "a"), ("password", "12-45-78")]),
            ("/account/register", [("name", new string('a', 33)), ("password", "12-45-78")]),
            ("/account/register", [("name", "a b"), ("password", "12-45-78")]),
            ("/account/register", [("name", "<b>x"), ("password", "12-45-78")]),
            ("/account/register", [("name", "aa"), ("password", new string('a', 129))]),
            ("/account/login", [("name", "")]),
            ("/account/login", [("name", client.Name)]),
            ("/account/login", [("name", client.Name), ("password", "")]),
            ("/account/login", [("password", "12-45-78")]),
            ("/account/login", [("name", new string('a', 65)), ("password", "12-45-78")]),
            ("/account/login", [("name", client.Name), ("password", new string('a', 129))]),
            ("/account/profile", []),
            ("/account/profile", [("nickName", "  ")]),
            ("/account/profile", [("nickName", new string('n', 33))]),
            ("/account/profile", [("nickName", "a\nb")]),
            ("/account/avatar", []),
            ("/living/startingLiving", []),
            ("/living/startingLiving", [("type", 0)]),
            ("/living/startingLiving", [("type", 3)]),
            ("/living/startingLiving", [("type", "one")]),
            ("/living/startingLiving", [("type", long.MaxValue)]),
            ("/living/startingLiving", [("type", "")]),
            ("/living/startingLiving", [("type", -1)]),
            ("/living/closeLiving", []),
            ("/living/closeLiving", [("roomId", "")]),
            ("/living/closeLiving", [("roomId", 0)]),
            ("/living/closeLiving", [("roomId", -1)]),
            ("/living/closeLiving", [("roomId", "x")]),
            ("/living/closeLiving", [("roomId", 1L << 53)]),
            ("/living/anchorConfig", []),
            ("/living/anchorConfig", [("roomId", 0)]),
            ("/living/anchorConfig", [("roomId", "")]),
            ("/living/anchorConfig", [("roomId", -1)]),
            ("/living/anchorConfig", [("roomId", "x")]),
            ("/living/anchorConfig", [("roomId", 1L << 53)]),
            ("/living/list", []),
            ("/living/list", [("page", 1), ("pageSize", 10)]),
            ("/living/list", [("type", 1), ("page", 100_001), ("pageSize", 10)]),
            ("/living/list", [("type", 1), ("page", "x"), ("pageSize", "y")]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 10), ("before", 0)]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 10), ("before", "x")]),
            ("/living/list", [("type", 3), ("page", 1), ("pageSize", 10)]),
            ("/living/list", [("type", 1), ("pageSize", 10)]),
            ("/living/list", [("type", 1), ("page", 1)]),
            ("/living/list", [("type", 1), ("page", 0), ("pageSize", 10)]),
            ("/living/list", [("type", 1), ("page", -1), ("pageSize", 10)]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 0)]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 101)]),
            ("/living/list", [("type", 1), ("page", long.MaxValue), ("pageSize", long.MaxValue)]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 10), ("sort", "best")]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 10), ("sort", "viewers"), ("before", 5)]),
            ("/living/list", [("type", 1), ("page", 1), ("pageSize", 10), ("q", new string('q', 65))]),
            ("/living/members", []),
            ("/living/members", [("roomId", 0)]),
            ("/living/members", [("roomId", room), ("limit", 0)]),
            ("/living/members", [("roomId", room), ("limit", 101)]),
            ("/living/members", [("roomId", room), ("limit", "x")]),
            ("/living/members", [("roomId", room), ("cursor", -1)]),
            ("/living/members", [("roomId", room), ("cursor", "x")]),
            ("/living/restrictions", []),
            ("/living/restrictions", [("roomId", "x")]),
            ("/living/cover", []),
            ("/living/cover", [("auto", "true")]),
            ("/living/records", []),
            ("/living/records", [("page", 0), ("pageSize", 10)]),
            ("/living/records", [("page", 1)]),
            ("/living/records", [("pageSize", 10)]),
            ("/living/records", [("page", -1), ("pageSize", 10)]),
            ("/living/records", [("page", 100_001), ("pageSize", 10)]),
            ("/living/records", [("page", 1), ("pageSize", 0)]),
            ("/living/records", [("page", 1), ("pageSize", 101)]),
            ("/living/records", [("page", "1;"), ("pageSize", 1)]),
            ("/living/like", []),
            ("/living/like", [("roomId", 0)]),
            ("/living/like", [("roomId", "x")]),
            ("/living/like", [("roomId", 1L << 53)]),
            ("/living/like", [("roomId", room), ("count", 0)]),
            ("/living/like", [("roomId", room), ("count", "1.5")]),
            ("/living/like", [("roomId", room), ("count", -1)]),
            ("/living/like", [("roomId", room), ("count", "many")]),
        ];
        // What an anchor may do to viewers takes the same.
        (string, object)[][] moderation =
        [
            [],
            [("roomId", room)],
            [("userId", 10005)],
            [("roomId", 0), ("userId", 10005)],
            [("roomId", "x"), ("userId", 10005)],
            [("roomId", 1L << 53), ("userId", 10005)],
            [("roomId", room), ("userId", 0)],
            [("roomId", room), ("userId", -5)],
            [("roomId", room), ("userId", 9999)],
            [("roomId", room), ("userId", "x")],
            [("roomId", room), ("userId", 1L << 53)],
            [("roomId", room), ("userId", 10005), ("seconds", 0)],
            [("roomId", room), ("userId", 10005), ("seconds", -1)],
            [("roomId", room), ("userId", 10005), ("seconds", 86_401)],
            [("roomId", room), ("userId", 10005), ("seconds", long.MaxValue)],
            [("roomId", room), ("userId", 10005), ("seconds", "long")],
        ];
        string[] acts = ["/living/mute", "/living/unmute", "/living/remove", "/living/unremove"];
        // By another one, for so many calls are too many for one account.
        using var other = await PageClient.SignUpAsync(Server, vip: true);
        var byOther = acts.SelectMany(act => moderation.Select(input => (Caller: other, Path: act, Input: input)));
        foreach (var (caller, path, input) in calls.Select(call => (Caller: client, Path: call.Item1, Input: call.Item2)).Concat(byOther))
        {
            var reply = await caller.PostAsync(dress, path, input);
            Assert.True(reply.Code == 400, $"{path} {string.Join(' ', input)}: {reply.Code} {reply.Msg}");
            Assert.Null(reply.Content);
            Assert.NotEmpty(reply.Msg);
        }
    }

    [Theory]
    [InlineData(Dress.Form)]
    [InlineData(Dress.Json)]
    public async Task Good_input_answers_each_row(Dress dress)
    {
        using var client = new PageClient(Server);
        var name = PageClient.NewName();
        var user = (await GoodAsync("/account/register", ("name", name), ("password", "12-45-78"))).Number("userId");
        await GoodAsync("/account/logout");
        Assert.False((await GoodAsync("/home/initPage")).Flag("loginStatus"));
        Assert.Equal(user, (await GoodAsync("/account/login", ("name", name), ("password", "12-45-78"))).Number("userId"));
        var init = await GoodAsync("/home/initPage");
        Assert.Equal((true, user, name, $"/avatar/{user}.svg", false), (init.Flag("loginStatus"), init.Number("userId"), init.Text("nickName"), init.Text("avatar"), init.Flag("showStartLivingBtn")));
        Assert.Equal(403, (await client.PostAsync(dress, "/living/startingLiving", ("type", 1))).Code);
        using (var granted = await Server.Http.PostAsync($"/api/v1/users/{user}/tags", PageClient.Json("""{"tag":"vip"}""")))
            Assert.True(granted.IsSuccessStatusCode);
        Assert.True((await GoodAsync("/home/initPage")).Flag("showStartLivingBtn"));

        var room = (await GoodAsync("/living/startingLiving", ("type", 2))).Number("roomId");
        Assert.InRange(room, 1_000_001, 1_001_000);
        var config = await GoodAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal((room, user, user, true), (config.Number("roomId"), config.Number("anchorId"), config.Number("userId"), config.Flag("anchor")));
        foreach (var text in new[] { "roomName", "nickName", "anchorNickName", "watcherNickName" })
            Assert.Equal(name, config.Text(text));
        foreach (var text in new[] { "avatar", "anchorImg", "watcherAvatar" })
            Assert.Equal($"/avatar/{user}.svg", config.Text(text));
        Assert.Equal(("", 0L, 0L), (config.Text("defaultBgImg"), config.Number("pkObjId"), config.Number("viewers")));

        var list = await GoodAsync("/living/list", ("type", 2), ("page", 1), ("pageSize", 100));
        var card = Assert.Single(list.List, c => c["id"]!.GetValue<long>() == room);
        Assert.Equal(["anchorId", "anchorImg", "anchorNickName", "covertImg", "goodNum", "id", "roomName", "startTime", "stream", "viewers", "watchNum"], card.Select(m => m.Key).Order());
        Assert.Equal(config.Number("startTime"), card.Number("startTime"));
        Assert.False(list.Flag("hasNext"));

        var im = await GoodAsync("/im/getImConfig");
        Assert.Equal(($"127.0.0.1:{Server.WebSocketPort}", $"127.0.0.1:{Server.TcpPort}", user), (im.Text("wsImServerAddress"), im.Text("tcpImServerAddress"), im.Number("userId")));

        Assert.Equal(501, (await client.PostAsync(dress, "/living/mute", ("roomId", room), ("userId", 10005))).Code);
        await using (var viewer = await TestClient.LogInAsync(Server, 10005))
            await viewer.JoinAsync(room);
        await GoodAsync("/living/mute", ("roomId", room), ("userId", 10005), ("seconds", 10));
        await GoodAsync("/living/unmute", ("roomId", room), ("userId", 10005));
        await GoodAsync("/living/remove", ("roomId", room), ("userId", 10005));
        Assert.Equal(501, (await client.PostAsync(dress, "/living/like", ("roomId", room))).Code);
        await GoodAsync("/living/closeLiving", ("roomId", room));
        var record = Assert.Single((await GoodAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        Assert.Equal((room, name, 2L), (record["id"]!.GetValue<long>(), record["roomName"]!.GetValue<string>(), record["type"]!.GetValue<long>()));
        Assert.Equal(-1, (await GoodAsync("/living/anchorConfig", ("roomId", room))).Number("roomId"));
        Assert.Equal("Nick 旗鱼", (await GoodAsync("/account/profile", ("nickName", " Nick 旗鱼 "))).Text("nickName"));

        async Task<PageReply> GoodAsync(string path, params (string, object)[] input)
        {
            var reply = await client.PostAsync(dress, path, input);
            Assert.True((reply.Code, reply.Msg) == (200, "success"), $"{path} {string.Join(' ', input)}: {reply.Code} {reply.Msg}");
            return reply;
        }
    }

    private static StringContent Typed(string text, string type)
    {
        var content = new StringContent(text);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
