using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>Names of people: every language's, seen, and nobody else's.</summary>
public sealed class NameTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData("𠮷田")]
    [InlineData("𬭸某某")]
    [InlineData("नमस्ते")]
    [InlineData("สวัสดี")]
    [InlineData("தமிழ்")]
    public async Task A_name_of_any_language_signs_up_and_in(string name)
    {
        using var owner = new PageClient(Server);
        var user = await RegisterAsync(owner, name);
        Assert.Equal(name, (await owner.OkAsync("/home/initPage")).Text("nickName"));
        using var other = new PageClient(Server);
        Assert.Equal(501, (await other.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code);
        Assert.Equal(user, (await other.Named(name).LogInAsync()).Number("userId"));
    }

    [Fact]
    public async Task A_name_is_one_however_it_was_typed()
    {
        using var owner = new PageClient(Server);
        var user = await RegisterAsync(owner, "Ju\u0308rgen");
        Assert.Equal("J\u00FCrgen", (await owner.OkAsync("/home/initPage")).Text("nickName"));
        using var other = new PageClient(Server);
        Assert.Equal(501, (await other.PostAsync("/account/register", ("name", "J\u00DCRGEN"), ("password", PageClient.Password))).Code);
        foreach (var typed in new[] { "J\u00FCrgen", "Ju\u0308rgen", "ju\u0308RGEN" })
            Assert.Equal(user, (await other.Named(typed).LogInAsync()).Number("userId"));
    }

    [Fact]
    public async Task An_account_name_that_looks_like_anothers_or_the_servers_is_501()
    {
        using var owner = new PageClient(Server);
        await RegisterAsync(owner, "scopeli1");
        using var other = new PageClient(Server);
        foreach (var name in new[] { "\u0455\u0441\u043E\u0440\u0435li1", "scopelil", "SCOPELI1", "sc0peli1", "\u0430dmin", "System", "Sailfish", "管理员" })
            Assert.Equal((name, 501), (name, (await other.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code));
        foreach (var name in new[] { "a\u200Bb", "a\u0301\u0301\u0301\u0301\u0301", "ab\u202E", "\u0301\u0301", "ab\0" })
            Assert.Equal((name, 400), (name, (await other.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code));
    }

    [Fact]
    public async Task A_nick_name_that_cannot_be_seen_is_400_and_one_that_is_anothers_501()
    {
        using var victim = new PageClient(Server);
        await RegisterAsync(victim, "victim");
        using var person = await PageClient.SignUpAsync(Server);
        foreach (var name in new[] { "\u3164", "\u2800", "\u200B", "\u0301", "abc\u202Egpj", "victim\u3164", "\U000E0061", "", " \u00A0 ", new string('x', 33), "a\0" })
            Assert.Equal((name, 400), (name, (await RenameAsync(person, name)).Code));
        foreach (var name in new[] { "victim", "Victim", "vi\u0441tim", "VlCTlM", "Sailfish", "System", "系统" })
            Assert.Equal((name, 501), (name, (await RenameAsync(person, name)).Code));
        foreach (var name in new[] { "👨\u200D👩\u200D👧", "旗鱼", string.Concat(Enumerable.Repeat("😀", 32)), person.Name })
            Assert.Equal(name, (await person.OkAsync("/account/profile", ("nickName", name))).Text("nickName"));
        Assert.Equal("José", (await person.OkAsync("/account/profile", ("nickName", "Jose\u0301"))).Text("nickName"));

        // Two viewers may have one nick name, as in life.
        using var twin = await PageClient.SignUpAsync(Server);
        await twin.OkAsync("/account/profile", ("nickName", "José"));
    }

    [Fact]
    public async Task Nobody_is_taken_for_the_anchor_of_the_room()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var star = anchor;
        using var early = await PageClient.SignUpAsync(Server);
        using var late = await PageClient.SignUpAsync(Server);
        await early.OkAsync("/account/profile", ("nickName", "St\u0430r"));
        await star.OkAsync("/account/profile", ("nickName", "Star"));
        await using var watching = await star.ConnectAsync(room);

        // Whoever had the name before is told apart; nobody takes it any more.
        await using var speaking = await early.ConnectAsync(room);
        await speaking.ChatInRoomAsync(room, "hello");
        Assert.Equal($"St\u0430r ({early.UserId})", (await watching.ReceiveAsync(Code.Message)).Data["senderName"]!.GetValue<string>());
        await speaking.ChatAsync(star.UserId, "in private");
        Assert.Equal("St\u0430r", (await watching.ReceiveAsync(Code.Message)).Data["senderName"]!.GetValue<string>());
        await watching.ChatInRoomAsync(room, "welcome");
        Assert.Equal("Star", (await speaking.ReceiveAsync(Code.Message)).Data["senderName"]!.GetValue<string>());
        Assert.Equal(501, (await RenameAsync(late, "STAR")).Code);
    }

    [Fact]
    public async Task A_name_that_the_client_claims_is_one_that_can_be_seen_and_nobody_elses()
    {
        await using var ann = await TestClient.LogInAsync(Server, 20001);
        await using var bob = await TestClient.LogInAsync(Server, 20002);
        async Task<string?> ClaimAsync(string name)
        {
            await ann.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["objectId"] = 20002, ["senderName"] = name }));
            return (await bob.ReceiveAsync(Code.Message)).Data["senderName"]?.GetValue<string>();
        }

        Assert.Equal("Ann 😀", await ClaimAsync(" Ann 😀 "));
        foreach (var name in new[] { "\u3164", "A\u202Ennn", new string('x', 33), "S\u0443stem", "Admin" })
            Assert.Null(await ClaimAsync(name));
        Assert.Equal("Ann", await ClaimAsync("Ann"));
    }

    [Fact]
    public async Task A_token_whose_name_cannot_be_seen_logs_in_without_it()
    {
        await using var ann = await TestClient.LogInAsync(Server, 20011, changeToken: payload => payload["name"] = "\u3164\u200B");
        await using var bob = await TestClient.LogInAsync(Server, 20012);
        await ann.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["objectId"] = 20012, ["senderName"] = "Ann" }));
        Assert.Equal("Ann", (await bob.ReceiveAsync(Code.Message)).Data["senderName"]!.GetValue<string>());
    }

    [Fact]
    public async Task Accounts_that_look_alike_already_go_on_and_no_third_is_made()
    {
        await using var server = await ServerProcess.StartAsync();
        using var one = new PageClient(server);
        await RegisterAsync(one, "scope");
        using var other = new PageClient(server);
        var user = await RegisterAsync(other, "other");
        await server.StopAsync();
        // As a server from before there were looks would have left them.
        server.Sql("UPDATE account SET name = 'sc\u043Epe', name_key = 'sc\u043Epe' WHERE name = 'other'; DROP TABLE account_look; DELETE FROM migration WHERE number = 9");
        await server.StartAgainAsync();
        using var client = new PageClient(server);
        Assert.Equal(user, (await client.Named("sc\u043Epe").LogInAsync()).Number("userId"));
        Assert.Equal(200, (await client.Named("scope").LogInAsync()).Code);
        Assert.Equal(501, (await client.PostAsync("/account/register", ("name", "s\u0441ope"), ("password", PageClient.Password))).Code);
    }

    private static async Task<long> RegisterAsync(PageClient client, string name)
    {
        var reply = await client.PostAsync("/account/register", ("name", name), ("password", PageClient.Password));
        Assert.True(reply.Code == 200, $"{name}: {reply.Code} {reply.Msg}");
        return reply.Number("userId");
    }

    private static Task<PageReply> RenameAsync(PageClient client, string name) => client.PostAsync("/account/profile", ("nickName", name));
}
