using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Who is online, and how sessions end, wherever they are.</summary>
public sealed class ClusterSessionTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    private readonly long _ann = TestIds.NewUser();

    [Fact]
    public async Task A_user_who_has_logged_in_is_online_on_every_node_at_once()
    {
        var away = TestIds.NewUser();
        await using var phone = await Two.PresentAsync(await Three.Http.MintAsync(_ann), _ann, device: "phone", platform: "android");
        var login = await phone.ReceiveAsync(Code.Login);
        foreach (var node in Cluster.Nodes)
        {
            var online = await node.GetAsync($"api/v1/users/{_ann}/online");
            Assert.True(online["online"]!.GetValue<bool>());
            var session = Assert.Single(online["sessions"]!.AsArray())!.AsObject();
            Assert.Equal((login.Text("connectionId"), "phone", "android"), (session.Text("connectionId"), session.Text("device"), session.Text("platform")));
            Assert.InRange(DateTimeOffset.Parse(session.Text("since"), null), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(5));
            var map = await node.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{_ann}},{{away}}]}""");
            Assert.Equal((true, false), (map[$"{_ann}"]!.GetValue<bool>(), map[$"{away}"]!.GetValue<bool>()));
        }

        await using var other = await TestClient.LogInAsync(One, _ann);
        foreach (var node in Cluster.Nodes)
            Assert.Equal(2, (await SessionsAsync(node, _ann)).Count);
        await phone.SendAsync(Code.Logout, new JsonObject());
        await phone.DrainAsync();
        await SessionsEverywhereAsync(_ann, 1);
        await other.DisposeAsync();
        await Cluster.EverywhereAsync(
            async node => !(await node.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{_ann}}]}"""))[$"{_ann}"]!.GetValue<bool>(), "the user to be offline");
    }

    [Fact]
    public async Task Connection_ids_are_never_the_same_on_two_nodes()
    {
        List<TestClient> clients = [];
        for (var i = 0; i < 9; i++)
            clients.Add(await TestClient.LogInAsync(Cluster[i], TestIds.NewUser()));
        Assert.Equal(9, clients.Select(client => client.LoginReply!.Text("connectionId")).Distinct().Count());
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task A_kick_on_one_node_closes_the_connections_of_all_and_voids_tokens_everywhere()
    {
        var before = await Two.Http.MintAsync(_ann);
        List<TestClient> clients = [];
        foreach (var node in Cluster.Nodes)
            clients.Add(await TestClient.LogInAsync(node, _ann));
        await using var bystander = await TestClient.LogInAsync(Two, TestIds.NewUser());
        Assert.Equal(3, (await One.Http.PostJsonAsync($"/api/v1/users/{_ann}/kick", """{"reason":"spam"}""")).Number("closed"));
        foreach (var client in clients)
        {
            await AssertEndedAsync(client, "kicked");
            await client.DisposeAsync();
        }

        // Asked of the database, whatever a node has heard.
        foreach (var node in Cluster.Nodes)
            await AssertKeptOutAsync(node, before);
        foreach (var node in Cluster.Nodes)
            Assert.Equal("LOGIN", await LogInAnswerAsync(node, await Three.Http.MintAsync(_ann), _ann));
        Assert.Empty(await bystander.FlushAsync());
        await SessionsEverywhereAsync(_ann, 0);
    }

    [Fact]
    public async Task A_kick_beside_logins_leaves_none_that_came_with_an_older_token()
    {
        for (var round = 0; round < 15; round++)
        {
            var token = await One.Http.MintAsync(_ann);
            var kick = Three.Http.PostJsonAsync($"/api/v1/users/{_ann}/kick", "{}");
            var clients = await Task.WhenAll(Cluster.Nodes.Select(node => node.PresentAsync(token, _ann)));
            await kick;
            // Each is refused, or let in and sent away.
            foreach (var client in clients)
            {
                var end = (await client.DrainAsync())[^1];
                Assert.Contains(end.Text("error") ?? end.Text("reason"), new[] { "bad_token", "kicked" });
                await client.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_suspension_on_one_node_holds_on_all_until_it_is_ended_on_another()
    {
        await using var two = await TestClient.LogInAsync(Two, _ann);
        await using var three = await TestClient.LogInAsync(Three, _ann);
        Assert.Equal(2, (await One.Http.PostJsonAsync($"/api/v1/users/{_ann}/suspend", """{"seconds":600}""")).Number("closed"));
        foreach (var client in new[] { two, three })
            await AssertEndedAsync(client, "kicked");
        foreach (var node in Cluster.Nodes)
            await AssertKeptOutAsync(node, TestTokens.Mint(node, _ann));
        await Cluster.EverywhereAsync(
            async node => await node.Http.StatusAsync(HttpMethod.Post, "/api/v1/tokens", $$"""{"userId":{{_ann}}}""") == HttpStatusCode.Conflict, "tokens to be refused", Soon);
        await Two.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{_ann}/unsuspend");
        await Cluster.EverywhereAsync(async node => await LogInAnswerAsync(node, TestTokens.Mint(node, _ann), _ann) == "LOGIN", "the end of the suspension", Soon);
    }

    [Fact]
    public async Task The_same_device_on_another_node_replaces_the_older_whose_late_end_leaves_the_newer()
    {
        var friend = TestIds.NewUser();
        await using var speaker = await TestClient.LogInAsync(One, friend);
        TestClient? older = null;
        for (var round = 0; round < 6; round++)
        {
            var newer = await TestClient.LogInAsync(Cluster[round], _ann, device: "phone");
            if (older is not null)
            {
                await AssertEndedAsync(older, "replaced");
                await older.DisposeAsync();
            }

            foreach (var node in Cluster.Nodes)
                Assert.Equal([newer.LoginReply!.Text("connectionId")!], await SessionsAsync(node, _ann));
            await speaker.ChatAsync(_ann, $"{round}");
            await HearsAtLastAsync(newer, $"{round}");
            older = newer;
        }

        await older!.DisposeAsync();
        await SessionsEverywhereAsync(_ann, 0);
    }

    [Fact]
    public async Task A_device_that_logs_in_on_two_nodes_at_once_ends_with_one_session_that_is_reached()
    {
        var friend = TestIds.NewUser();
        await using var speaker = await TestClient.LogInAsync(Three, friend);
        for (var round = 0; round < (LongTests.AreOn ? 1000 : 100); round++)
        {
            var clients = await Task.WhenAll(new[] { One, Two }.Select(node => node.PresentAsync(TestTokens.Mint(node, _ann), _ann, device: "phone")));
            var answers = await Task.WhenAll(clients.Select(client => client.ReceiveAsync()));
            await Wait.UntilAsync(async () => (await SessionsAsync(Three, _ann)).Count == 1, "one session");
            var session = Assert.Single(await SessionsAsync(Three, _ann));
            var stays = Array.FindIndex(answers, answer => answer.Text("connectionId") == session);
            Assert.InRange(stays, 0, 1);
            var goes = answers[1 - stays].Code == Code.Bye ? answers[1 - stays] : (await clients[1 - stays].DrainAsync())[^1];
            Assert.Equal((Code.Bye, "replaced"), (goes.Code, goes.Text("reason")));
            await speaker.ChatAsync(_ann, $"{round}");
            await HearsAtLastAsync(clients[stays], $"{round}");
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task One_connection_too_many_closes_the_oldest_wherever_it_is()
    {
        List<TestClient> clients = [];
        for (var i = 0; i < 10; i++)
            clients.Add(await TestClient.LogInAsync(Cluster[i], _ann));
        for (var more = 0; more < 3; more++)
        {
            clients.Add(await TestClient.LogInAsync(Three, _ann));
            await AssertEndedAsync(clients[more], "too_many_sessions");
            await SessionsEverywhereAsync(_ann, 10);
        }

        foreach (var client in clients)
        {
            if (clients.IndexOf(client) >= 3)
                Assert.Empty(await client.FlushAsync());
            await client.DisposeAsync();
        }
    }

    /// <summary>Refused, or sent away by a node that hears of it just then.</summary>
    private async Task AssertKeptOutAsync(ServerProcess node, string token) =>
        Assert.Contains(await LogInAnswerAsync(node, token, _ann), new[] { "bad_token", """{"reason":"kicked","reconnect":false}""" });
}
