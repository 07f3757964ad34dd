using System.Globalization;
using System.Net.Http.Headers;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Audit;

/// <summary>The log of a real process: who did what from where, on whom, with what result, and no secret.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Signing_up_in_and_out_and_what_is_refused_of_it_is_written_down()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Accounts:MaxFailures=2");
        using var ann = await PageClient.SignUpAsync(server);
        await SeenAsync(server, "sign_up", "ok", $"user:{ann.UserId}", "127.0.0.1");
        Assert.Equal(200, (await ann.LogInAsync()).Code);
        await SeenAsync(server, "sign_in", "ok", $"user:{ann.UserId}", "127.0.0.1");
        Assert.Equal(401, (await ann.LogInAsync("a-wrong-password")).Code);
        await SeenAsync(server, "sign_in", "refused", $"user:{ann.UserId}", "127.0.0.1");
        using var nobody = new PageClient(server);
        Assert.Equal(401, (await nobody.PostAsync("/account/login", ("name", "a-password-in-the-wrong-field"), ("password", "x-password"))).Code);
        await SeenAsync(server, "sign_in", "refused", "-", "127.0.0.1");
        Assert.NotEqual(200, (await nobody.PostAsync("/account/register", ("name", ann.Name), ("password", "a-new-password"))).Code);
        await SeenAsync(server, "sign_up", "refused", "-", "127.0.0.1");
        await ann.OkAsync("/account/logout");
        await SeenAsync(server, "sign_out", "ok", $"user:{ann.UserId}", "127.0.0.1");
        AssertSecrets(server, PageClient.Password, "a-wrong-password", "a-password-in-the-wrong-field", "x-password", "a-new-password", ann.Name);
    }

    [Fact]
    public async Task A_changed_profile_is_written_down_and_cannot_break_the_line()
    {
        await using var server = await ServerProcess.StartAsync();
        using var ann = await PageClient.SignUpAsync(server);
        await ann.OkAsync("/account/profile", ("nickName", "Ann\\n what=kick"));
        var line = await SeenAsync(server, "nick_name", "ok", $"user:{ann.UserId}", "127.0.0.1");
        Assert.EndsWith("detail=Ann\\u{5C}n what=kick", line, StringComparison.Ordinal);
        Assert.Equal(200, (await ann.UploadAsync(TestPictures.Any, "a.png")).Code);
        await SeenAsync(server, "picture", "ok", $"user:{ann.UserId}", "127.0.0.1");
    }

    [Fact]
    public async Task What_an_apps_server_does_is_written_down()
    {
        await using var server = await ServerProcess.StartAsync();
        var app = $"app:{server.AppId.ToString(CultureInfo.InvariantCulture)}";
        var token = await server.Http.MintAsync(10001);
        await SeenAsync(server, "token_mint", "ok", app, "127.0.0.1", "user:10001");
        await server.Http.PostJsonAsync("/api/v1/users/10001/tags", """{"tag":"vip"}""");
        Assert.EndsWith("detail=vip", await SeenAsync(server, "tag", "ok", app, "127.0.0.1", "user:10001"), StringComparison.Ordinal);
        await server.Http.DeleteAsync("/api/v1/users/10001/tags/vip");
        await SeenAsync(server, "untag", "ok", app, "127.0.0.1", "user:10001");
        await server.Http.PostJsonAsync("/api/v1/rooms/7/mute", """{"userId":10001,"seconds":5}""");
        Assert.EndsWith("detail=room:7 seconds=5", await SeenAsync(server, "mute", "ok", app, "127.0.0.1", "user:10001"), StringComparison.Ordinal);
        await server.Http.PostJsonAsync("/api/v1/rooms/7/unmute", """{"userId":10001}""");
        await SeenAsync(server, "unmute", "ok", app, "127.0.0.1", "user:10001");
        await server.Http.PostJsonAsync("/api/v1/rooms/7/kick", """{"userId":10001,"seconds":9}""");
        Assert.EndsWith("detail=room:7 seconds=9", await SeenAsync(server, "remove", "ok", app, "127.0.0.1", "user:10001"), StringComparison.Ordinal);
        await server.Http.PostJsonAsync("/api/v1/users/10001/kick", """{"reason":"spam\r\ncrit: forged \u001b[31m"}""");
        var kick = await SeenAsync(server, "kick", "ok", app, "127.0.0.1", "user:10001");
        Assert.EndsWith(@"reason=spam\u{D}\u{A}crit: forged \u{1B}[31m", kick, StringComparison.Ordinal);

        await using (var refused = await server.PresentAsync(token, 10001))
            await refused.DrainAsync();
        await SeenAsync(server, "token", "refused", "user:10001", "127.0.0.1");
        using var stranger = new HttpClient { BaseAddress = server.Http.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-wrong-key-a-wrong-key");
        await stranger.GetAsync(new Uri("/api/v1/users/10001/online", UriKind.Relative));
        await SeenAsync(server, "api_key", "refused", "-", "127.0.0.1");
        AssertSecrets(server, server.ApiKey, server.TokenSecret, "a-wrong-key", token.Split('.')[2]);
    }

    [Fact]
    public async Task How_access_is_changed_is_written_down_by_whom_and_of_whom()
    {
        const string other = "another good password", third = "a third good password";
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        var app = $"app:{server.AppId.ToString(CultureInfo.InvariantCulture)}";
        using var ann = await PageClient.SignUpAsync(server);
        var (user, api) = ($"user:{ann.UserId}", $"/api/v1/users/{ann.UserId}");
        Assert.Equal(403, (await ann.PostAsync("/account/password", ("old", "a-wrong-password"), ("new", other))).Code);
        await SeenAsync(server, "password", "refused", user, "127.0.0.1", user);
        await ann.OkAsync("/account/password", ("old", PageClient.Password), ("new", other));
        await SeenAsync(server, "password", "ok", user, "127.0.0.1", user);
        using var elsewhere = new PageClient(server).Named(ann.Name);
        Assert.Equal(200, (await elsewhere.LogInAsync(other)).Code);
        var session = (await ann.OkAsync("/account/sessions")).List.Single(s => !s["current"]!.GetValue<bool>()).Text("id");
        await ann.OkAsync("/account/endSession", ("id", session));
        Assert.EndsWith($"detail={session}", await SeenAsync(server, "session_end", "ok", user, "127.0.0.1"), StringComparison.Ordinal);
        Assert.Equal(501, (await ann.PostAsync("/account/profile", ("nickName", "System"))).Code);
        await SeenAsync(server, "nick_name", "refused", user, "127.0.0.1");

        await server.Http.PostJsonAsync($"{api}/password", $$"""{"password":"{{third}}"}""");
        await SeenAsync(server, "password", "ok", app, "127.0.0.1", user);
        await server.Http.PostJsonAsync($"{api}/suspend", """{"seconds":60,"reason":"spam"}""");
        Assert.EndsWith("detail=seconds=60 reason=spam", await SeenAsync(server, "suspend", "ok", app, "127.0.0.1", user), StringComparison.Ordinal);
        Assert.Equal(403, (await ann.LogInAsync(third)).Code);
        await SeenAsync(server, "sign_in", "refused", user, "127.0.0.1");
        await server.Http.CallAsync(HttpMethod.Post, $"{api}/unsuspend");
        await SeenAsync(server, "unsuspend", "ok", app, "127.0.0.1", user);
        await server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/tokens", System.Net.HttpStatusCode.Conflict, $$"""{"userId":{{ann.UserId}}}""");
        await SeenAsync(server, "token_mint", "refused", app, "127.0.0.1", user);
        AssertSecrets(server, PageClient.Password, "a-wrong-password", other, third);
    }

    [Fact]
    public async Task Settings_that_are_not_the_default_are_written_down_at_the_start_without_secrets()
    {
        await using var server = await ServerProcess.StartAsync("Rooms:MaxPerConnection=7", "Content:Words:0=hidden-word");
        Assert.EndsWith("detail=Sailfish:Rooms:MaxPerConnection=7", await DetailAsync("MaxPerConnection"), StringComparison.Ordinal);
        Assert.EndsWith("detail=Sailfish:Content:Words=(not shown)", await DetailAsync("Words"), StringComparison.Ordinal);
        Assert.DoesNotContain(Lines(server, "setting", "ok"), line => line.Contains("MaxResends", StringComparison.Ordinal));
        AssertSecrets(server, "hidden-word");

        async Task<string> DetailAsync(string setting)
        {
            string? Find() => Lines(server, "setting", "ok").Find(line => line.Contains(setting, StringComparison.Ordinal))?.TrimEnd();
            await Wait.UntilAsync(() => Find() is not null, setting);
            return Find()!;
        }
    }

    [Fact]
    public async Task What_an_anchor_does_to_viewers_is_written_down_and_what_another_tries_too()
    {
        await using var server = await ServerProcess.StartAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        foreach (var what in new[] { "mute", "unmute", "remove", "unremove" })
        {
            await anchor.OkAsync($"/living/{what}", ("roomId", room), ("userId", viewer.UserId));
            await SeenAsync(server, what, "ok", $"user:{anchor.UserId}", "127.0.0.1", $"user:{viewer.UserId}");
            Assert.Equal(501, (await viewer.PostAsync($"/living/{what}", ("roomId", room), ("userId", anchor.UserId))).Code);
            await SeenAsync(server, what, "refused", $"user:{viewer.UserId}", "127.0.0.1", $"user:{anchor.UserId}");
        }

        Assert.Equal(200, (await anchor.CoverAsync(TestPictures.Jpeg())).Code);
        Assert.EndsWith($"detail=room:{room} chosen", await SeenAsync(server, "cover", "ok", $"user:{anchor.UserId}", "127.0.0.1"), StringComparison.Ordinal);
        anchor.Dispose();
    }

    [Fact]
    public async Task A_flood_of_refusals_is_counted_and_not_all_written()
    {
        await using var server = await ServerProcess.StartAsync();
        using var stranger = new HttpClient { BaseAddress = server.Http.BaseAddress };
        for (var i = 0; i < 400; i++)
            using (await stranger.GetAsync(new Uri("/api/v1/users/10001/online", UriKind.Relative)))
                continue;
        // Another kind of line is not held back by it.
        await server.Http.PostJsonAsync("/api/v1/users/10001/tags", """{"tag":"vip"}""");
        await SeenAsync(server, "tag", "ok", $"app:{server.AppId}", "127.0.0.1", "user:10001");
        Assert.InRange(Lines(server, "api_key", "refused").Count, 1, 350);
        await Wait.UntilAsync(
            async () =>
            {
                using var _ = await stranger.GetAsync(new Uri("/api/v1/users/10001/online", UriKind.Relative));
                return server.Output.Contains("left out before:", StringComparison.Ordinal);
            },
            "the next line to say how many were left out");
    }

    [Fact]
    public async Task The_level_of_all_else_leaves_the_audit_as_it_is()
    {
        await using var server = await ServerProcess.StartAsync("--Logging:LogLevel:Sailfish.Server.Gateway=Information", "--Logging:LogLevel:Default=Error");
        await server.Http.PostJsonAsync("/api/v1/users/10001/tags", """{"tag":"vip"}""");
        await SeenAsync(server, "tag", "ok", $"app:{server.AppId}", "127.0.0.1", "user:10001");
    }

    private static async Task<string> SeenAsync(ServerProcess server, string what, string result, string who, string from, string on = "-")
    {
        string? Find() => Lines(server, what, result).LastOrDefault(line => line.Contains($"who={who} from={from} on={on} ", StringComparison.Ordinal));
        await Wait.UntilAsync(() => Find() is not null, $"{what} {result} by {who} from {from} on {on}");
        return Find()!.TrimEnd();
    }

    private static List<string> Lines(ServerProcess server, string what, string result) =>
        [.. server.Output.Split('\n').Where(line => line.Contains($"Sailfish.Audit[600] what={what} result={result} ", StringComparison.Ordinal))];

    private static void AssertSecrets(ServerProcess server, params string[] secrets)
    {
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, server.Output);
    }
}
