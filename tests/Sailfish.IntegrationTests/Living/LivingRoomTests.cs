using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Inside a living room: chat, moderation, the end.</summary>
public sealed class LivingRoomTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Chat_carries_the_accounts_own_name_and_picture_whatever_the_client_says()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        await using var watching = await viewer.ConnectAsync(room);
        var body = TestClient.Chat(new JsonObject { ["content"] = "hi", ["roomId"] = room, ["senderName"] = anchor.Name, ["senderAvatar"] = "https://evil.example/x.png", ["userId"] = anchor.UserId });
        body["userId"] = anchor.UserId;
        await watching.SendAsync(Code.Message, body);
        await CheckAsync($"/avatar/{viewer.UserId}.svg", viewer.Name);

        var picture = (await viewer.UploadAsync(TestPictures.Any, "a.png")).Text("avatar");
        await viewer.OkAsync("/account/profile", ("nickName", "Somebody"));
        await watching.SendAsync(Code.Message, body.DeepClone());
        await CheckAsync(picture, "Somebody");

        async Task CheckAsync(string avatar, string name)
        {
            var data = (await there.ReceiveAsync(Code.Message)).Data;
            Assert.Equal((name, avatar, "hi", viewer.UserId), (data.Text("senderName"), data.Text("senderAvatar"), data.Text("content"), data.Number("userId")));
        }
    }

    [Fact]
    public async Task What_the_server_API_says_for_an_account_carries_its_name_unless_the_caller_gives_another()
    {
        using var speaker = await PageClient.SignUpAsync(Server);
        using var listener = await PageClient.SignUpAsync(Server);
        await using var there = await listener.ConnectAsync();
        foreach (var (given, expected) in new[] { ((string?)null, speaker.Name), ("Help desk", "Help desk") })
        {
            var data = new JsonObject { ["content"] = "hi" };
            if (given is not null)
                data["senderName"] = given;
            using var reply = await Server.Http.PostAsJsonAsync(
                "/api/v1/messages",
                new { bizCode = 5555, data, from = speaker.UserId, to = new { user = listener.UserId } },
                TestContext.Current.CancellationToken);
            reply.EnsureSuccessStatusCode();
            var got = (await there.ReceiveAsync(Code.Message)).Data;
            Assert.Equal((expected, $"/avatar/{speaker.UserId}.svg"), (got.Text("senderName"), got.Text("senderAvatar")));
        }
    }

    [Fact]
    public async Task A_room_that_closes_tells_its_members_who_have_then_left_it()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        await using var watching = await viewer.ConnectAsync(room);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        foreach (var client in new[] { there, watching })
        {
            var closed = await client.ReceiveAsync(Code.Message);
            Assert.Equal((5570L, room, "room_closed"), (closed.Number("bizCode"), closed.Data.Number("roomId"), closed.Data.Text("event")));
            Assert.Equal((1L, $"r:{room}"), (closed.Number("seq"), closed.Text("conversation")));
            await client.ChatInRoomAsync(room, "too late");
            Assert.Equal("room_closed", (await client.ReceiveAsync()).Text("error"));
            await client.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = room });
        }

        Assert.False((await Server.Http.GetJsonAsync($"/api/v1/rooms/{room}"))["open"]!.GetValue<bool>());
        Assert.Equal(5570, Assert.Single(await Server.HistoryAsync($"r:{room}")).Number("bizCode"));
    }

    [Fact]
    public async Task Who_joins_while_the_room_closes_is_told_either_way()
    {
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var client = await viewer.ConnectAsync();
        for (var round = 0; round < 30; round++)
        {
            var room = await anchor.StartAsync();
            var close = anchor.OkAsync("/living/closeLiving", ("roomId", room));
            if (round % 2 == 0)
                await Task.Yield();
            ReceivedFrame answer;
            do
            {
                await client.SendAsync(Code.Join, new JsonObject { ["roomId"] = room });
                answer = await client.ReceiveAsync();
            }
            while (answer.Code == Code.Join);
            await close;
            var isTold = answer.Code == Code.Error && answer.Text("error") == "room_closed"
                || answer.Code == Code.Message && answer.Number("bizCode") == 5570;
            Assert.True(isTold, $"{answer.Code} {answer.Body.ToJsonString()}");
            await client.FlushAsync();
        }
    }

    [Fact]
    public async Task A_muted_viewer_is_told_for_how_long_and_writes_again_when_unmuted()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        await using var watching = await viewer.ConnectAsync(room);
        var chat = TestClient.Chat(new JsonObject { ["content"] = "hi", ["roomId"] = room });
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId), ("seconds", 100));
        Assert.InRange((await watching.RefusedAsync("muted", Code.Message, chat)).Number("retryAfterMs"), 50_000, 100_000);
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId));
        Assert.InRange((await watching.RefusedAsync("muted", Code.Message, chat)).Number("retryAfterMs"), 500_000, 600_000);
        await there.ChatInRoomAsync(room, "still heard");
        Assert.Equal("still heard", (await watching.ReceiveAsync(Code.Message)).Content());
        Assert.Equal(501, (await viewer.PostAsync("/living/unmute", ("roomId", room), ("userId", viewer.UserId))).Code);
        await anchor.OkAsync("/living/unmute", ("roomId", room), ("userId", viewer.UserId));
        await watching.SendAsync(Code.Message, chat);
        Assert.Equal("hi", (await there.ReceiveAsync(Code.Message)).Content());
    }

    [Fact]
    public async Task Moderating_twice_at_once_and_who_is_not_there_is_done_all_the_same()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        var chat = TestClient.Chat(new JsonObject { ["content"] = "hi", ["roomId"] = room });
        async Task TwiceAsync(string path) => await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => anchor.OkAsync(path, ("roomId", room), ("userId", viewer.UserId))));

        await TwiceAsync("/living/unmute");
        await TwiceAsync("/living/mute");
        await using (var watching = await viewer.ConnectAsync(room))
        {
            await watching.RefusedAsync("muted", Code.Message, chat);
            await TwiceAsync("/living/unmute");
            await watching.SendAsync(Code.Message, chat);
            Assert.Empty(await watching.FlushAsync());
            await TwiceAsync("/living/remove");
            Assert.Equal("removed", (await watching.ReceiveAsync(Code.Leave)).Text("reason"));
            Assert.Empty(await watching.FlushAsync());
        }

        await TwiceAsync("/living/remove");
        // A mute ends by its time, too, and one is not lengthened by the one before it.
        using var other = await PageClient.SignUpAsync(Server);
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", other.UserId), ("seconds", 600));
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", other.UserId), ("seconds", 1));
        await using var there = await anchor.ConnectAsync(room);
        await using var muted = await other.ConnectAsync(room);
        await Wait.UntilAsync(
            async () =>
            {
                await muted.SendAsync(Code.Message, chat);
                return (await muted.FlushAsync()).Count == 0;
            },
            "the mute to end");
        Assert.Equal("hi", (await there.ReceiveAsync(Code.Message)).Content());
    }

    [Fact]
    public async Task A_removed_viewer_gets_LEAVE_on_every_connection_and_is_kept_out()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        await using var one = await viewer.ConnectAsync(room);
        await using var two = await viewer.ConnectAsync(room);
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId));
        foreach (var client in new[] { one, two })
        {
            var leave = await client.ReceiveAsync(Code.Leave);
            Assert.Equal((room, "removed"), (leave.Number("roomId"), leave.Text("reason")));
            Assert.InRange((await client.RefusedAsync("banned", Code.Join, new JsonObject { ["roomId"] = room })).Number("retryAfterMs"), 500_000, 600_000);
            await client.RefusedAsync("not_joined", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "hi", ["roomId"] = room }));
        }

        Assert.Equal(501, (await viewer.PostAsync("/living/like", ("roomId", room))).Code);
        Assert.Equal(1, (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("viewers"));
        using var other = await PageClient.SignUpAsync(Server);
        await using var brief = await other.ConnectAsync(room);
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", other.UserId), ("seconds", 1));
        await brief.ReceiveAsync(Code.Leave);
        await Wait.UntilAsync(
            async () =>
            {
                await brief.SendAsync(Code.Join, new JsonObject { ["roomId"] = room });
                return (await brief.ReceiveAsync()).Code == Code.Join;
            },
            "the ban to end");
    }
}
