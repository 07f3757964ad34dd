using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed class RoomApiTests(ServerFixture<AsShipped> fixture) : IClassFixture<ServerFixture<AsShipped>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task A_room_tells_viewers_and_their_peak()
    {
        var empty = await _server.Http.GetJsonAsync("/api/v1/rooms/301");
        Assert.Equal(0, empty.Number("viewers"));
        Assert.True(empty["open"]!.GetValue<bool>());
        await using var one = await TestClient.LogInAsync(_server, 10301);
        await using var same = await TestClient.LogInAsync(_server, 10301);
        await using var other = await TestClient.LogInAsync(_server, 10302);
        foreach (var client in new[] { one, same, other })
            await client.JoinAsync(301);
        Assert.Equal(2, (await _server.Http.GetJsonAsync("/api/v1/rooms/301")).Number("viewers"));
        await other.SendAsync(Code.Leave, new JsonObject { ["roomId"] = 301 });
        await other.ReceiveAsync(Code.Leave);
        var room = await _server.Http.GetJsonAsync("/api/v1/rooms/301");
        Assert.Equal(301, room.Number("roomId"));
        Assert.Equal(1, room.Number("viewers"));
        Assert.Equal(2, room.Number("peak"));
    }

    [Fact]
    public async Task Members_are_paged_by_cursor_each_once()
    {
        List<TestClient> clients = [];
        try
        {
            foreach (var user in new long[] { 10315, 10311, 10314, 10312, 10313, 10312 })
            {
                clients.Add(await TestClient.LogInAsync(_server, user));
                await clients[^1].JoinAsync(311);
            }

            List<long> seen = [];
            List<int> sizes = [];
            string? cursor = null;
            do
            {
                var page = await _server.Http.GetJsonAsync($"/api/v1/rooms/311/members?limit=2{cursor}");
                var members = page["members"]!.AsArray().Select(m => m!.GetValue<long>()).ToList();
                seen.AddRange(members);
                sizes.Add(members.Count);
                cursor = page["cursor"] is { } next ? $"&cursor={next.GetValue<long>()}" : null;
            }
            while (cursor is not null && sizes.Count < 10);
            Assert.Equal([10311, 10312, 10313, 10314, 10315], seen);
            Assert.Equal([2, 2, 1], sizes);
            var all = await _server.Http.GetJsonAsync("/api/v1/rooms/311/members");
            Assert.Equal(5, all["members"]!.AsArray().Count);
            Assert.Null(all["cursor"]);
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }

        Assert.Empty((await _server.Http.GetJsonAsync("/api/v1/rooms/319/members"))["members"]!.AsArray());
    }

    [Theory]
    [InlineData("/api/v1/rooms/0")]
    [InlineData("/api/v1/rooms/9007199254740992")]
    [InlineData("/api/v1/rooms/0/members")]
    [InlineData("/api/v1/rooms/1/members?limit=0")]
    [InlineData("/api/v1/rooms/1/members?limit=1001")]
    [InlineData("/api/v1/rooms/1/members?limit=many")]
    [InlineData("/api/v1/rooms/1/members?cursor=-1")]
    [InlineData("/api/v1/rooms/1/members?cursor=abc")]
    [InlineData("/api/v1/conversations/d:1:2/messages")]
    [InlineData("/api/v1/conversations/d:10002:10001/messages")]
    [InlineData("/api/v1/conversations/r:0/messages")]
    [InlineData("/api/v1/conversations/x/messages")]
    [InlineData("/api/v1/conversations/r:1/messages?limit=0")]
    [InlineData("/api/v1/conversations/r:1/messages?limit=501")]
    [InlineData("/api/v1/conversations/r:1/messages?after=-1")]
    [InlineData("/api/v1/conversations/r:1/messages?after=99999999999999999999")]
    public async Task Bad_input_of_reads_is_a_problem(string path) => await _server.Http.ProblemAsync(HttpMethod.Get, path, HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_muted_member_reads_but_does_not_write_until_unmuted()
    {
        await using var muted = await TestClient.LogInAsync(_server, 10321);
        await using var other = await TestClient.LogInAsync(_server, 10322);
        await muted.JoinAsync(321);
        await other.JoinAsync(321);
        await _server.Http.PostJsonAsync("/api/v1/rooms/321/mute", """{"userId":10321,"seconds":3600}""");
        await muted.ChatInRoomAsync(321, "not heard", "m1");
        var error = await muted.ReceiveAsync(Code.Error);
        Assert.Equal("muted", error.Text("error"));
        Assert.Equal("m1", error.Text("clientMsgId"));
        Assert.InRange(error.Number("retryAfterMs"), 1, 3_600_000);
        await other.ChatInRoomAsync(321, "heard");
        Assert.Equal("heard", (await muted.ReceiveAsync(Code.Message)).Data.Text("content"));

        await _server.Http.PostJsonAsync("/api/v1/rooms/321/unmute", """{"userId":10321}""");
        await muted.ChatInRoomAsync(321, "heard again");
        Assert.Equal("heard again", (await other.ReceiveAsync(Code.Message)).Data.Text("content"));
    }

    [Fact]
    public async Task A_mute_ends_by_itself()
    {
        await using var muted = await TestClient.LogInAsync(_server, 10331);
        await muted.JoinAsync(331);
        await _server.Http.PostJsonAsync("/api/v1/rooms/331/mute", """{"userId":10331,"seconds":1}""");
        await Wait.UntilAsync(
            async () =>
            {
                await muted.ChatInRoomAsync(331, "now?", "n1");
                return (await muted.ReceiveAsync()).Code == Code.Receipt;
            },
            "the mute to end");
    }

    [Fact]
    public async Task A_kicked_member_is_told_and_stays_out_while_the_ban_lasts()
    {
        await using var one = await TestClient.LogInAsync(_server, 10341);
        await using var same = await TestClient.LogInAsync(_server, 10341);
        await using var other = await TestClient.LogInAsync(_server, 10342);
        foreach (var client in new[] { one, same, other })
            await client.JoinAsync(341);
        Assert.Equal(2, (await _server.Http.PostJsonAsync("/api/v1/rooms/341/kick", """{"userId":10341,"seconds":3600}""")).Number("removed"));
        foreach (var client in new[] { one, same })
        {
            var left = await client.ReceiveAsync(Code.Leave);
            Assert.Equal("removed", left.Text("reason"));
            Assert.Equal(341, left.Number("roomId"));
        }

        await one.ChatInRoomAsync(341, "still here");
        Assert.Equal("not_joined", (await one.ReceiveAsync(Code.Error)).Text("error"));
        await one.SendAsync(Code.Join, new JsonObject { ["roomId"] = 341 });
        var banned = await one.ReceiveAsync(Code.Error);
        Assert.Equal("banned", banned.Text("error"));
        Assert.InRange(banned.Number("retryAfterMs"), 1, 3_600_000);
        Assert.Empty(await other.FlushAsync());
        Assert.Equal(1, (await _server.Http.GetJsonAsync("/api/v1/rooms/341")).Number("viewers"));
    }

    [Fact]
    public async Task A_kick_without_seconds_lets_the_member_come_back()
    {
        await using var client = await TestClient.LogInAsync(_server, 10351);
        await client.JoinAsync(351);
        Assert.Equal(1, (await _server.Http.PostJsonAsync("/api/v1/rooms/351/kick", """{"userId":10351}""")).Number("removed"));
        await client.ReceiveAsync(Code.Leave);
        Assert.Equal(1, (await client.JoinAsync(351)).Number("viewers"));
        Assert.Equal(0, (await _server.Http.PostJsonAsync("/api/v1/rooms/351/kick", """{"userId":10352}""")).Number("removed"));
    }

    [Fact]
    public async Task Kicks_of_one_member_at_once_remove_and_tell_him_once()
    {
        await using var client = await TestClient.LogInAsync(_server, 10355);
        for (var round = 0; round < 20; round++)
        {
            await client.JoinAsync(355);
            var kicks = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _server.Http.PostJsonAsync("/api/v1/rooms/355/kick", """{"userId":10355}""")));
            Assert.Equal(1, kicks.Sum(k => k.Number("removed")));
            Assert.Equal("removed", (await client.ReceiveAsync(Code.Leave)).Text("reason"));
            Assert.Empty(await client.FlushAsync());
        }
    }

    [Fact]
    public async Task Mutes_and_bans_outlive_a_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.Http.PostJsonAsync("/api/v1/rooms/361/mute", """{"userId":10361,"seconds":3600}""");
        await server.Http.PostJsonAsync("/api/v1/rooms/361/kick", """{"userId":10362,"seconds":3600}""");
        await server.KillAsync();
        await server.StartAgainAsync();
        await using var muted = await TestClient.LogInAsync(server, 10361);
        await muted.JoinAsync(361);
        await muted.ChatInRoomAsync(361, "x");
        Assert.Equal("muted", (await muted.ReceiveAsync(Code.Error)).Text("error"));
        await using var banned = await TestClient.LogInAsync(server, 10362);
        await banned.SendAsync(Code.Join, new JsonObject { ["roomId"] = 361 });
        Assert.Equal("banned", (await banned.ReceiveAsync(Code.Error)).Text("error"));
    }

    [Theory]
    [InlineData("mute")]
    [InlineData("unmute")]
    [InlineData("kick")]
    public async Task Bad_input_of_moderation_is_a_problem(string call)
    {
        await _server.Http.BadAsync($"/api/v1/rooms/0/{call}", """{"userId":10001}""");
        foreach (var body in new[] { "{}", """{"userId":9999}""", """{"userId":10001,"seconds":0}""", """{"userId":10001,"seconds":31536001}""", """{"userId":10001,"seconds":"x"}""" })
            await _server.Http.BadAsync($"/api/v1/rooms/1/{call}", body);
    }

    [Theory]
    [InlineData("r:371", "\"room\":371")]
    [InlineData("d:10371:10372", "\"user\":10372")]
    public async Task A_conversations_messages_are_paged_in_order(string conversation, string target)
    {
        for (var i = 1; i <= 5; i++)
            await _server.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{"content":"{{i}}"},"from":10371,"to":{ {{target}} } }""");
        List<long> seqs = [];
        List<string> contents = [];
        var more = true;
        while (more)
        {
            var page = await _server.Http.GetJsonAsync($"/api/v1/conversations/{conversation}/messages?limit=2&after={seqs.LastOrDefault()}");
            foreach (var message in page["messages"]!.AsArray().Select(m => m!.AsObject()))
            {
                seqs.Add(message.Number("seq"));
                contents.Add(JsonNode.Parse(message.Text("data"))!.AsObject().Text("content"));
                Assert.Equal(conversation, message.Text("conversation"));
                Assert.NotEmpty(message.Text("msgId"));
                Assert.True(message.Number("time") > 0);
            }

            more = page["more"]!.GetValue<bool>();
            Assert.True(seqs.Count <= 5);
        }

        Assert.Equal([1, 2, 3, 4, 5], seqs);
        Assert.Equal(["1", "2", "3", "4", "5"], contents);
        var none = await _server.Http.GetJsonAsync($"/api/v1/conversations/{conversation}/messages?after=5");
        Assert.Empty(none["messages"]!.AsArray());
        Assert.False(none["more"]!.GetValue<bool>());
    }
}
