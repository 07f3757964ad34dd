using System.Net;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>An account gets an id that is nobody's, and nobody's own user becomes an account's.</summary>
public sealed class AccountIdTests
{
    private const long Next = 100_001;

    [Fact]
    public async Task An_id_that_the_server_API_has_used_is_no_accounts()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        (string Path, string Body)[] uses =
        [
            ("messages", """{"bizCode":5555,"data":{"content":"x"},"from":10001,"to":{"user":ID}}"""),
            ("messages", """{"bizCode":5555,"data":{"content":"x"},"from":ID,"to":{"user":10001}}"""),
            ("messages", """{"bizCode":5555,"data":{"content":"x"},"to":{"users":[10001,ID]}}"""),
            ("messages", """{"bizCode":5555,"data":{"content":"x"},"from":ID,"to":{"room":7}}"""),
            ("tokens", """{"userId":ID}"""),
            ("users/ID/kick", "{}"),
            ("users/ID/suspend", "{}"),
            ("rooms/7/mute", """{"userId":ID}"""),
            ("rooms/7/kick", """{"userId":ID,"seconds":1}"""),
            ("rooms/7/kick", """{"userId":ID}"""),
            ("rooms/7/unmute", """{"userId":ID}"""),
            ("messages", """{"bizCode":5555,"data":{"content":"x"},"from":ID,"to":{"all":true}}"""),
        ];
        var next = Next;
        foreach (var (path, body) in uses)
        {
            await server.Http.CallAsync(HttpMethod.Post, $"/api/v1/{path.Replace("ID", $"{next}")}", body.Replace("ID", $"{next}"));
            // That it was taken back changes nothing.
            if (path.EndsWith("/suspend", StringComparison.Ordinal))
                await server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{next}/unsuspend");
            using var client = await PageClient.SignUpAsync(server);
            Assert.True(client.UserId > next, $"{path} {body}: the account got {client.UserId}.");
            next = client.UserId + 1;
        }
    }

    [Fact]
    public async Task An_id_that_an_account_had_is_no_other_accounts()
    {
        await using var server = await ServerProcess.StartAsync();
        using var first = await PageClient.SignUpAsync(server);
        server.Sql("DELETE FROM account");
        using var second = await PageClient.SignUpAsync(server);
        Assert.NotEqual(first.UserId, second.UserId);
    }

    [Fact]
    public async Task An_id_that_somebody_is_or_was_logged_in_with_is_no_accounts()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var user = await TestClient.LogInAsync(server, Next);
        await server.KillAsync();
        await server.StartAgainAsync();
        using var first = await PageClient.SignUpAsync(server);
        Assert.NotEqual(Next, first.UserId);
        await using var other = await TestClient.LogInAsync(server, first.UserId + 1);
        using var second = await PageClient.SignUpAsync(server);
        Assert.NotEqual(first.UserId + 1, second.UserId);
    }

    [Fact]
    public async Task An_id_that_a_viewer_has_written_to_is_no_accounts()
    {
        await using var server = await ServerProcess.StartAsync();
        using var first = await PageClient.SignUpAsync(server);
        await using var writer = await first.ConnectAsync();
        await writer.ChatAndReceiptAsync(first.UserId + 1, "is anybody there?");
        using var second = await PageClient.SignUpAsync(server);
        Assert.NotEqual(first.UserId + 1, second.UserId);
    }

    [Fact]
    public async Task A_long_block_of_used_ids_is_left_behind()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        server.Sql(
            $"""
            WITH RECURSIVE ids(id) AS (SELECT {Next} UNION ALL SELECT id + 1 FROM ids WHERE id < {Next + 50_000})
            INSERT INTO used_id SELECT {server.AppId}, id FROM ids
            """);
        await server.StartAgainAsync();
        using var first = await PageClient.SignUpAsync(server);
        using var second = await PageClient.SignUpAsync(server);
        Assert.True(first.UserId > Next + 50_000);
        Assert.Equal(first.UserId + 1, second.UserId);
    }

    [Fact]
    public async Task Ids_of_before_they_were_noted_are_found_in_what_is_stored()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        foreach (var trigger in new[] { "low", "high", "state", "tag", "restriction" })
            server.Sql($"DROP TRIGGER used_id_{trigger}");
        foreach (var drop in new[] { "TABLE used_id", "TABLE page_session" })
            server.Sql($"DROP {drop}");
        server.Sql("ALTER TABLE user_state DROP COLUMN suspended_until");
        server.Sql("ALTER TABLE account DROP COLUMN password_version");
        server.Sql("DELETE FROM migration WHERE number = 7");
        string[] rows =
        [
            "conversation (app_id, kind, low, high, last_seq) VALUES ({0}, 0, 10001, {1}, 1)",
            "conversation (app_id, kind, low, high, last_seq) VALUES ({0}, 0, {1}, 200000, 1)",
            "message (conversation_id, seq, app_id, sender_id, biz_code, data, created_at) VALUES (9, 1, {0}, {1}, 5555, '{{}}', 1)",
            "position (user_id, conversation_id, acked_seq) VALUES ({1}, 1, 1)",
            "user_state (app_id, user_id, revoked_before) VALUES ({0}, {1}, 1)",
            "account_tag (app_id, user_id, tag) VALUES ({0}, {1}, 'old')",
            "room_restriction (app_id, room_id, user_id, kind, until) VALUES ({0}, 7, {1}, 'Muted', 1)",
        ];
        for (var i = 0; i < rows.Length; i++)
            server.Sql($"INSERT INTO {string.Format(rows[i], server.AppId, Next + i)}");
        await server.StartAgainAsync();
        using var client = await PageClient.SignUpAsync(server);
        Assert.True(client.UserId >= Next + rows.Length, $"The account got {client.UserId}.");
    }

    [Fact]
    public async Task Sign_ups_beside_logins_never_meet_in_one_id()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Limits:ConnectionsPerIpPerSecond=0");
        var users = Enumerable.Range(0, 12).Select(i => Next + i);
        var logins = Task.WhenAll(users.Select(user => TestClient.LogInAsync(server, user)));
        var accounts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PageClient.SignUpAsync(server)));
        foreach (var client in await logins)
        {
            var user = client.LoginReply!.Number("userId");
            // Whoever came second was told apart: a token of the app's own for an account's id, or another id.
            var isAccount = accounts.Any(a => a.UserId == user);
            using var token = await server.Http.PostAsync("/api/v1/tokens", PageClient.Json($$"""{"userId":{{user}}}"""));
            Assert.Equal(isAccount ? HttpStatusCode.Conflict : HttpStatusCode.OK, token.StatusCode);
            await client.DisposeAsync();
        }

        Assert.Equal(accounts.Length, accounts.Select(a => a.UserId).Distinct().Count());
    }

    [Fact]
    public async Task A_token_for_an_account_is_minted_only_when_it_is_meant()
    {
        await using var server = await ServerProcess.StartAsync();
        using var account = await PageClient.SignUpAsync(server);
        foreach (var said in new[] { "", ""","account":false""", ""","account":null""" })
            await server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/tokens", HttpStatusCode.Conflict, $$"""{"userId":{{account.UserId}}{{said}}}""");
        var minted = await server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":{{account.UserId}},"account":true}""");
        await using var client = await server.PresentAsync(minted.Text("token"), account.UserId);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        await server.Http.PostJsonAsync("/api/v1/tokens", """{"userId":10001}""");
        await server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/tokens", HttpStatusCode.NotFound, """{"userId":10001,"account":true}""");
        await server.Http.BadAsync("/api/v1/tokens", """{"userId":10001,"account":1}""");
    }
}
