using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>Sign-up, sign-in, the cookie, and names.</summary>
public sealed class AccountTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Accounts_are_numbered_from_100001_on_also_after_a_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        using var first = await PageClient.SignUpAsync(server);
        using var second = await PageClient.SignUpAsync(server);
        Assert.Equal((100_001, 100_002), (first.UserId, second.UserId));
        await server.StopAsync();
        await server.StartAgainAsync();
        using var third = await PageClient.SignUpAsync(server);
        Assert.Equal(100_003, third.UserId);
    }

    [Fact]
    public async Task A_taken_name_is_501_in_any_case_and_signs_nobody_in()
    {
        using var owner = await PageClient.SignUpAsync(Server);
        using var other = new PageClient(Server);
        foreach (var name in new[] { owner.Name, owner.Name.ToUpperInvariant() })
            Assert.Equal(501, (await other.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code);
        Assert.False((await other.OkAsync("/home/initPage")).Flag("loginStatus"));
        Assert.Equal(owner.UserId, (await other.Named(owner.Name.ToUpperInvariant()).LogInAsync()).Number("userId"));
    }

    [Theory]
    [InlineData("123456", "123456")]
    [InlineData("cafe\u0301 au lait", "caf\u00E9 au lait")]
    public async Task An_older_hash_is_stored_anew_at_the_next_sign_in(string typed, string composed)
    {
        await using var server = await ServerProcess.StartAsync();
        using var owner = await PageClient.SignUpAsync(server);
        // As an older version made it: fewer rounds, the password as it was typed, and short ones too.
        var old = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 })).HashPassword(new object(), typed);
        server.Sql($"UPDATE account SET password_hash = '{old}'");
        Assert.Equal(200, (await owner.LogInAsync(typed)).Code);
        var stored = server.Sql("SELECT password_hash FROM account", c => (string)c.ExecuteScalar()!);
        Assert.NotEqual(old, stored);
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(stored).AsSpan(5)), 210_000, int.MaxValue);
        Assert.Equal(200, (await owner.LogInAsync(composed)).Code);
    }

    [Theory]
    [InlineData("\u00C9va\uFF21", "\u00E9vaa", "\u00E9VA\uFF41")]
    public async Task A_name_in_other_case_or_width_is_the_same_account(string name, string other, string typed)
    {
        using var owner = new PageClient(Server);
        var user = (await owner.OkAsync("/account/register", ("name", name), ("password", PageClient.Password))).Number("userId");
        Assert.Equal(name, (await owner.OkAsync("/home/initPage")).Text("nickName"));
        using var client = new PageClient(Server);
        Assert.Equal(501, (await client.PostAsync("/account/register", ("name", other), ("password", PageClient.Password))).Code);
        foreach (var written in new[] { name, other, typed })
            Assert.Equal(user, (await client.Named(written).LogInAsync()).Number("userId"));
    }

    [Theory]
    [InlineData("\u3164\uFFA0")]
    [InlineData("a\u3164")]
    [InlineData("\u1160\u115F\u1160")]
    public async Task A_name_of_letters_that_nobody_sees_is_400(string name)
    {
        using var client = new PageClient(Server);
        Assert.Equal(400, (await client.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code);
    }

    [Fact]
    public async Task Wrong_passwords_lock_a_name_however_it_is_written()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:MaxFailures=3", "Accounts:AttemptsPerMinute=0");
        using var client = new PageClient(server);
        await client.OkAsync("/account/register", ("name", "\u00C9va"), ("password", PageClient.Password));
        foreach (var name in new[] { "\u00C9va", "\u00E9va", "\u00C9VA" })
            Assert.Equal(401, (await client.Named(name).LogInAsync("wrong password")).Code);
        Assert.Equal(429, (await client.Named("\u00E9VA").LogInAsync()).Code);
    }

    [Fact]
    public async Task Accounts_from_before_there_were_keys_are_all_signed_in_to_by_their_names()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var client = new PageClient(server);
        foreach (var name in new[] { "one", "two", "three", "four" })
            await client.OkAsync("/account/register", ("name", name), ("password", PageClient.Password));
        await server.StopAsync();
        server.Sql("DROP INDEX account_name_key");
        server.Sql("ALTER TABLE account DROP COLUMN name_key");
        server.Sql("DELETE FROM migration WHERE number = 4");
        foreach (var (id, name) in new[] { (100_001, "\u00C9va"), (100_002, "\u00E9va"), (100_003, "\uFF21nn"), (100_004, "Bob") })
            server.Sql($"UPDATE account SET name = '{name}' WHERE id = {id}");

        await server.StartAgainAsync();
        Assert.Contains("account 100002", server.Output);
        Assert.DoesNotContain("\u00E9va", server.Output);
        await CheckAsync();
        Assert.Equal(501, (await client.PostAsync("/account/register", ("name", "\u00C9V\uFF21"), ("password", PageClient.Password))).Code);
        Assert.Equal(501, (await client.PostAsync("/account/register", ("name", "ANN"), ("password", PageClient.Password))).Code);
        // Once is enough: another start changes nothing.
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.DoesNotContain("account 100002", server.Output);
        await CheckAsync();

        async Task CheckAsync()
        {
            foreach (var (name, id) in new[] { ("\u00C9va", 100_001), ("\u00C9VA", 100_001), ("\u00E9va", 100_002), ("\u00E9VA", 100_002), ("ann", 100_003), ("\uFF21nn", 100_003), ("BOB", 100_004) })
                Assert.Equal(id, (await client.Named(name).LogInAsync()).Number("userId"));
        }
    }

    [Fact]
    public async Task One_name_twice_at_once_makes_one_account()
    {
        var name = PageClient.NewName();
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var client = new PageClient(Server);
            return (await client.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code;
        }));
        Assert.Equal([200, 501, 501, 501, 501, 501], replies.Order());
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_answer_alike()
    {
        using var owner = await PageClient.SignUpAsync(Server);
        using var client = new PageClient(Server);
        var wrong = await client.Named(owner.Name).LogInAsync("wrong password");
        var unknown = await client.Named("nobody.here").LogInAsync();
        Assert.Equal((401, wrong.Msg), (wrong.Code, unknown.Msg));
        Assert.Equal(401, unknown.Code);
        Assert.False(wrong.Http.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Too_many_wrong_passwords_lock_the_name_for_a_time_also_for_the_right_one()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:MaxFailures=3", "Accounts:LockSeconds=2", "Accounts:AttemptsPerMinute=0");
        using var owner = await PageClient.SignUpAsync(server);
        using var other = await PageClient.SignUpAsync(server);
        foreach (var name in new[] { owner.Name, owner.Name.ToUpperInvariant(), owner.Name })
            Assert.Equal(401, (await new PageClient(server).Named(name).LogInAsync("wrong password")).Code);
        using var elsewhere = new PageClient(server).Named(owner.Name);
        var locked = await elsewhere.LogInAsync();
        Assert.Equal(429, locked.Code);
        Assert.InRange(locked.Http.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        Assert.Equal(200, (await other.LogInAsync()).Code);
        // Who is signed in stays so, and where one was signed in before, one signs in again.
        Assert.True((await owner.OkAsync("/home/initPage")).Flag("loginStatus"));
        Assert.Equal(200, (await owner.LogInAsync()).Code);
        await Wait.UntilAsync(async () => (await elsewhere.LogInAsync()).Code == 200, "the lock to end");
        // A right password forgives the wrong ones before it.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(401, (await owner.LogInAsync("wrong password")).Code);
            Assert.Equal(200, (await owner.LogInAsync()).Code);
        }
    }

    [Fact]
    public async Task Attempts_over_the_rate_of_an_address_are_429_in_the_envelope()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=3");
        using var client = await PageClient.SignUpAsync(server);
        Assert.Equal(200, (await client.LogInAsync()).Code);
        Assert.Equal(401, (await client.LogInAsync("wrong password")).Code);
        Assert.Equal(429, (await client.LogInAsync()).Code);
        Assert.Equal(429, (await client.PostAsync("/account/register", ("name", "somebody"), ("password", PageClient.Password))).Code);
        Assert.Equal(429, (await client.PostAsync("/account/password", ("old", PageClient.Password), ("new", "another horse"))).Code);
        // Nothing else is held back.
        for (var i = 0; i < 5; i++)
            await client.OkAsync("/home/initPage");
    }

    [Fact]
    public async Task Without_sign_up_nobody_registers_and_accounts_sign_in()
    {
        using var folder = new TemporaryDirectory();
        string name;
        await using (var server = await ServerProcess.StartAsync(folder.Path, []))
            name = (await PageClient.SignUpAsync(server)).Name;
        await using var closed = await ServerProcess.StartAsync(folder.Path, ["Accounts:SignUp=false"]);
        using var client = new PageClient(closed);
        Assert.Equal(501, (await client.PostAsync("/account/register", ("name", "somebody"), ("password", PageClient.Password))).Code);
        Assert.Equal(200, (await client.Named(name).LogInAsync()).Code);
    }

    [Fact]
    public async Task The_cookie_is_HttpOnly_and_Lax_and_signing_out_ends_it()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var reply = await client.LogInAsync();
        var cookie = Assert.Single(reply.Http.Headers.GetValues("Set-Cookie"), c => c.StartsWith("sailfish=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/;", cookie + ";", StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; expires=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        await client.OkAsync("/account/logout");
        // The browser's mark stays: it opens nothing.
        Assert.Equal(["sailfish-device"], client.Cookies.GetAllCookies().Select(c => c.Name));
        Assert.False((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        Assert.Equal(401, (await client.PostAsync("/im/getImConfig")).Code);
        await client.OkAsync("/account/logout");
    }

    [Fact]
    public async Task The_cookie_outlives_a_restart_and_opens_no_other_server()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await PageClient.SignUpAsync(server);
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(client.UserId, (await client.OkAsync("/home/initPage")).Number("userId"));

        using var stranger = new PageClient(Server);
        foreach (Cookie cookie in client.Cookies.GetAllCookies())
            stranger.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1"));
        Assert.False((await stranger.OkAsync("/home/initPage")).Flag("loginStatus"));
    }

    [Fact]
    public async Task The_cookie_of_an_account_that_is_gone_is_no_session()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await PageClient.SignUpAsync(server);
        await server.StopAsync();
        server.Sql("DELETE FROM account");
        await server.StartAgainAsync();
        Assert.False((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        foreach (var path in new[] { "/im/getImConfig", "/living/startingLiving", "/account/profile", "/account/avatar" })
            Assert.Equal(401, (await client.PostAsync(path)).Code);
        Assert.Equal(401, (await client.LogInAsync()).Code);
    }

    [Fact]
    public async Task Signing_in_and_out_at_once_and_twice_is_answered_each_time()
    {
        using var client = await PageClient.SignUpAsync(Server);
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0 ? client.LogInAsync() : client.PostAsync("/account/logout")));
        Assert.All(replies, r => Assert.Equal(200, r.Code));
        Assert.Equal(client.UserId, (await client.LogInAsync()).Number("userId"));
        var names = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i => (await client.OkAsync("/account/profile", ("nickName", $"nick{i}"))).Text("nickName")));
        Assert.Contains((await client.OkAsync("/home/initPage")).Text("nickName"), names);
    }

    [Fact]
    public async Task A_new_nick_name_is_seen_everywhere_at_once_also_in_the_chat_of_an_open_connection()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var client = await PageClient.SignUpAsync(Server);
        await using var reader = await anchor.ConnectAsync(room);
        await using var writer = await client.ConnectAsync(room);
        await client.OkAsync("/account/profile", ("nickName", "Neu <b>"));
        Assert.Equal("Neu <b>", (await client.OkAsync("/home/initPage")).Text("nickName"));
        Assert.Equal("Neu <b>", (await client.OkAsync("/living/anchorConfig", ("roomId", room))).Text("watcherNickName"));
        await writer.ChatInRoomAsync(room, "hello");
        Assert.Equal("Neu <b>", (await reader.ReceiveAsync(Code.Message)).Data["senderName"]!.GetValue<string>());
        // The name to sign in with stays.
        Assert.Equal(200, (await client.LogInAsync()).Code);
    }

    [Fact]
    public async Task A_name_and_a_picture_changed_at_once_are_both_kept()
    {
        using var client = await PageClient.SignUpAsync(Server);
        for (byte i = 1; i <= 20; i++)
        {
            var upload = client.UploadAsync([.. TestPictures.Any, i], "a.png");
            var rename = client.OkAsync("/account/profile", ("nickName", $"nick{i}"));
            var avatar = (await upload).Text("avatar");
            await rename;
            var init = await client.OkAsync("/home/initPage");
            Assert.Equal((avatar, $"nick{i}"), (init.Text("avatar"), init.Text("nickName")));
        }
    }

    [Fact]
    public async Task A_password_stands_nowhere_in_the_data_folder()
    {
        using var client = await PageClient.SignUpAsync(Server);
        Assert.Equal(0, Server.Sql($"SELECT count(*) FROM account WHERE password_hash LIKE '%{PageClient.Password}%'", c => Convert.ToInt64(c.ExecuteScalar())));
        Assert.DoesNotContain(PageClient.Password, Server.Output);
    }
}
