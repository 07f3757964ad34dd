using System.Diagnostics;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>How a living room is, to sessions that asked for it.</summary>
public sealed class RoomStateTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private static readonly string[] State = ["state"];

    /// <summary>A second, on a machine that others keep busy.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task LOGIN_grants_what_there_is_to_who_asks_in_protocol_2()
    {
        Assert.Equal("""["state"]""", await GrantedAsync(["what", "state"]));
        Assert.Equal("[]", await GrantedAsync(["what"]));
        Assert.Null(await GrantedAsync(null));
        Assert.Null(await GrantedAsync(State, protocol: 1));
        foreach (var malformed in new[] { "\"state\"", "7", "[7]", "{}" })
        {
            await using var client = await TestClient.OpenAsync(Server);
            var login = new JsonObject
            {
                ["token"] = TestTokens.Mint(Server, 10_005),
                ["userId"] = 10_005,
                ["appId"] = Server.AppId,
                ["protocol"] = 2,
                ["features"] = JsonNode.Parse(malformed),
            };
            await client.SendAsync(Code.Login, login);
            Assert.Equal("bad_token", (await client.ReceiveAsync()).Text("error"));
        }
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.WebSocketBinary)]
    [InlineData(Transport.WebSocketJson)]
    public async Task A_session_with_the_feature_knows_a_room_from_its_JOIN_on_and_no_other_is_told_anything(Transport transport)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var client = await TestClient.LogInAsync(Server, TestIds.NewUser(), transport, features: State);
        await using var modern = await TestClient.LogInAsync(Server, TestIds.NewUser(), transport);
        await using var old = await TestClient.LogInAsync(Server, TestIds.NewUser(), transport, protocol: 1, features: State);
        foreach (var without in new[] { modern, old })
            Assert.Equal(["conversation", "roomId", "seq", "viewers"], (await without.JoinAsync(room)).Body.Select(m => m.Key).Order());
        var joined = await client.JoinAsync(room);
        Assert.Equal(("off", "", 0L, 0L, 3L), (joined.Text("stream"), joined.Text("streamUrl"), joined.Number("width"), joined.Number("height"), joined.Number("viewers")));
        Assert.Equal((anchor.Name, ""), (joined.Text("title"), joined.Text("announcement")));

        await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", "  夜宵 \"noodles\" 🍜 "));
        var edited = await client.HearStateAsync(change => change["title"] is not null);
        Assert.Equal((room, "state", "夜宵 \"noodles\" 🍜"), (edited.Number("roomId"), edited.Text("event"), edited.Text("title")));
        Assert.False(edited.ContainsKey("announcement"));
        await anchor.OkAsync("/living/edit", ("roomId", room), ("announcement", "at eight"));
        Assert.Equal("at eight", (await client.HearStateAsync(change => change["announcement"] is not null && change["title"] is null)).Text("announcement"));

        await using (var anchors = await anchor.ConnectAsync(room, State))
            Assert.Equal(4, (await client.HearStateAsync(change => change["viewers"]?.GetValue<int>() == 4)).Number("viewers"));
        await client.HearStateAsync(change => change["viewers"]?.GetValue<int>() == 3);

        foreach (var without in new[] { modern, old })
            Assert.DoesNotContain(await without.FlushAsync(), frame => frame.Code == Code.Message);
        Assert.Equal(0, await LogLengthAsync(room));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
    }

    [Fact]
    public async Task An_anchor_sees_within_a_second_that_somebody_came_and_who()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await viewer.OkAsync("/account/profile", ("nickName", "Star"));
        await using var anchors = await anchor.ConnectAsync(room, State);
        var since = Stopwatch.StartNew();
        await using var watching = await viewer.ConnectAsync(room);
        var (viewers, names) = (0L, new List<string?>());
        while (viewers != 2 || names.Count == 0)
        {
            var change = await anchors.HearStateAsync();
            viewers = change["viewers"]?.GetValue<long>() ?? viewers;
            names.AddRange(change["joined"]?.AsArray().Select(name => name!.GetValue<string>()) ?? []);
        }

        Assert.InRange(since.Elapsed, TimeSpan.Zero, Soon);
        Assert.Equal(["Star"], names);
        // With another connection he does not come again.
        await using var again = await viewer.ConnectAsync(room);
        await anchor.OkAsync("/living/edit", ("roomId", room), ("announcement", "last"));
        var last = await anchors.HearStateAsync(change => change["announcement"] is not null);
        Assert.Null(last["joined"]);
    }

    [Fact]
    public async Task However_often_it_changes_it_is_told_once_a_second_and_the_last_is_told()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var client = await TestClient.LogInAsync(Server, TestIds.NewUser(), features: State);
        await client.JoinAsync(room);
        var since = Stopwatch.StartNew();
        var editing = Task.Run(async () =>
        {
            var edits = 0;
            while (since.Elapsed < TimeSpan.FromSeconds(3.5))
            {
                await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", $"name {++edits}"));
                // Slower than an account may call.
                await Pause.ForAsync(150);
            }

            await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", "last"));
            return edits;
        });
        var told = 0;
        while (true)
        {
            told++;
            if ((await client.HearStateAsync())["title"]?.GetValue<string>() == "last")
                break;
        }

        Assert.InRange(await editing, 10, int.MaxValue);
        Assert.InRange(told, 2, (int)since.Elapsed.TotalSeconds + 2);
        Assert.Equal("last", (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Text("roomName"));
    }

    [Fact]
    public async Task Who_was_behind_is_told_so_and_then_the_whole_state()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Gateway:MaxOutboxBytes=65536", "Living:AnchorAwaySeconds=600");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var slow = await RawSocket.ConnectAsync(server.TcpPort, receiveBuffer: 4096);
        var login = RawWebSocket.LoginBody(server, 10_001);
        login["features"] = new JsonArray("state");
        await slow.SendFrameAsync(Code.Login, login);
        await slow.ReadFrameAsync(Code.Login);
        await slow.SendFrameAsync(Code.Join, new JsonObject { ["roomId"] = room });
        await slow.ReadFrameAsync(Code.Join);
        await using var sender = await TestClient.LogInAsync(server, 10_002);
        await sender.JoinAsync(room);
        // More than the sockets' buffers on both sides ever take.
        var content = new string('鱼', 3990);
        for (var i = 0; i < 700; i++)
        {
            await sender.ChatInRoomAsync(room, content, $"id{i}");
            await sender.ReceiveAsync(Code.Receipt);
        }

        await anchor.OkAsync("/living/edit", ("roomId", room), ("roomName", "Noodles"), ("announcement", "at eight"));
        ReceivedFrame? frame;
        do
            frame = await slow.ReadFrameAsync();
        while (frame?.Code == Code.Message);
        Assert.Equal((Code.Error, "behind", $"r:{room}"), (frame!.Code, frame.Text("error"), frame.Text("conversation")));
        frame = await slow.ReadFrameAsync();
        Assert.Equal((Code.Message, 5574L), (frame!.Code, frame.Number("bizCode")));
        Assert.Equal(["announcement", "event", "height", "roomId", "stream", "title", "viewers", "width"], frame.Data.Select(m => m.Key).Order());
        var (title, announcement) = (frame.Data.Text("title"), frame.Data.Text("announcement"));
        while ((title, announcement) != ("Noodles", "at eight"))
        {
            var change = (await slow.ReadFrameAsync(Code.Message)).Data;
            (title, announcement) = (change["title"]?.GetValue<string>() ?? title, change["announcement"]?.GetValue<string>() ?? announcement);
        }
    }

    [Fact]
    public async Task A_room_that_is_no_living_room_has_no_state()
    {
        var room = TestIds.NewRoom();
        await using var client = await TestClient.LogInAsync(Server, TestIds.NewUser(), features: State);
        await using var other = await TestClient.LogInAsync(Server, TestIds.NewUser());
        Assert.Equal(["conversation", "roomId", "seq", "viewers"], (await client.JoinAsync(room)).Body.Select(m => m.Key).Order());
        await other.JoinAsync(room);
        // A round of the keeper, which would have told it.
        await Pause.ForAsync(1500);
        Assert.Empty(await client.FlushAsync());
    }

    [Fact]
    public async Task Nobody_sends_a_state_himself()
    {
        var (_, room) = await PageClient.GoLiveAsync(Server);
        await using var client = await TestClient.LogInAsync(Server, TestIds.NewUser(), features: State);
        await client.JoinAsync(room);
        await client.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["roomId"] = room, ["event"] = "state", ["title"] = "mine" }, "id", bizCode: 5574));
        Assert.Equal("unknown_biz_code", (await client.ReceiveAsync(Code.Error)).Text("error"));
    }

    private async Task<string?> GrantedAsync(string[]? features, int protocol = 2)
    {
        await using var client = await TestClient.LogInAsync(Server, TestIds.NewUser(), protocol: protocol, features: features);
        return client.LoginReply!.Body["features"]?.ToJsonString();
    }

    private async Task<int> LogLengthAsync(long room) => (await Server.HistoryAsync($"r:{room}")).Count;
}
