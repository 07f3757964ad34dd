using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>What people without an account may do, and what becomes of all else.</summary>
public sealed class GuestTests(ServerFixture<ForGuests> fixture) : IClassFixture<ServerFixture<ForGuests>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.WebSocketBinary)]
    [InlineData(Transport.WebSocketJson)]
    public async Task A_guest_reads_a_living_room_and_counts_as_a_viewer_and_as_no_member(Transport transport)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var anchors = await anchor.ConnectAsync(room);
        await anchors.ChatInRoomAsync(room, "before", "before");
        await anchors.ReceiptAsync("before");
        await using var guest = await GuestSteps.LogInGuestAsync(Server, GuestSteps.NewGuest(), transport);
        Assert.NotEmpty(guest.LoginReply!.Text("connectionId")!);
        var joined = await guest.JoinAsync(room, history: 10);
        Assert.Equal((2, 1), (joined.Number("viewers"), joined.Number("seq")));
        Assert.Equal("before", (await guest.ReceiveAsync(Code.Message)).Content());
        await anchors.ChatInRoomAsync(room, "after", "after");
        var heard = await guest.ReceiveAsync(Code.Message);
        Assert.Equal(("after", 2, guest.UserId), (heard.Content(), heard.Number("seq"), heard.Number("userId")));

        await guest.SendAsync(Code.Heartbeat, new JsonObject());
        Assert.Equal(2, (await guest.ReceiveAsync(Code.Heartbeat)).Body["rooms"]![$"{room}"]!.GetValue<int>());
        Assert.Equal(2, (await Server.GetAsync($"api/v1/rooms/{room}")).Number("viewers"));
        Assert.Equal(2, (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Number("viewers"));
        Assert.Equal([anchor.UserId], await MembersAsync(room));
        await Wait.UntilAsync(async () => await WatchNumAsync(anchor, room) == 2, "the list to tell of two");

        await guest.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
        Assert.Equal(room, (await guest.ReceiveAsync(Code.Leave)).Number("roomId"));
        Assert.Equal(1, (await Server.GetAsync($"api/v1/rooms/{room}")).Number("viewers"));
        await guest.JoinAsync(room);
        await guest.SendAsync(Code.Logout, new JsonObject());
        Assert.Equal(Code.Logout, Assert.Single(await guest.DrainAsync()).Code);
        await Wait.UntilAsync(async () => (await Server.GetAsync($"api/v1/rooms/{room}")).Number("viewers") == 1, "the guest to be gone");
        Assert.Equal(2, (await Server.GetAsync($"api/v1/rooms/{room}")).Number("peak"));
    }

    [Fact]
    public async Task A_guest_of_the_page_comes_in_over_the_legacy_path_and_hears_the_end_of_the_room()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var anchors = await anchor.ConnectAsync(room);
        await using var guest = await GuestSteps.LogInGuestAsync(Server, GuestSteps.NewGuest(), Transport.WebSocketLegacy, legacyRoom: room);
        await Wait.UntilAsync(async () => (await Server.GetAsync($"api/v1/rooms/{room}")).Number("viewers") == 2, "the guest to be in");
        await anchors.ChatInRoomAsync(room, "hello", "hello");
        var heard = await guest.ReceiveAsync(Code.Message);
        Assert.Equal("hello", heard.Content());
        // Protocol 1 acks what it hears, or hears it again.
        await guest.AckAsync(heard);
        Assert.DoesNotContain(await guest.FlushAsync(), frame => frame.Code == Code.Error);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal("room_closed", (await guest.ReceiveAsync(Code.Message)).Data.Text("event"));
        await guest.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = room });
    }

    [Fact]
    public async Task What_a_guest_may_not_do_is_told_by_one_word_and_closes_nothing()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var anchors = await anchor.ConnectAsync(room);
        await using var guest = await GuestSteps.LogInGuestAsync(Server, GuestSteps.NewGuest());
        await guest.JoinAsync(room);
        JsonObject[] targets =
        [
            new() { ["content"] = "x", ["roomId"] = room },
            new() { ["content"] = "x", ["roomId"] = 7 },
            new() { ["content"] = "x", ["objectId"] = anchor.UserId },
            new() { ["content"] = "x", ["objectId"] = GuestSteps.NewGuest() },
            new() { ["content"] = "x", ["objectId"] = guest.UserId },
            [],
        ];
        foreach (var (target, i) in targets.Select((target, i) => (target, i)))
        {
            Assert.Equal($"id{i}", (await guest.RefusedAsync("guest", Code.Message, TestClient.Chat(target, $"id{i}"))).Text("clientMsgId"));
            Assert.Null((await guest.RefusedAsync("guest", Code.Message, TestClient.Chat(target))).Text("clientMsgId"));
            await guest.RefusedAsync("guest", Code.Message, TestClient.Chat(target, "other", bizCode: 5571));
        }

        await guest.RefusedAsync("guest", Code.Message, new JsonObject { ["bizCode"] = 1 });
        await guest.RefusedAsync("bad_client_msg_id", Code.Message, TestClient.Chat(targets[0], new string('x', 65)));
        await guest.RefusedAsync("guest", Code.Sync, []);
        await guest.RefusedAsync("guest", Code.Sync, new JsonObject { ["limit"] = 5 });
        foreach (var conversation in new[] { $"d:{anchor.UserId}:{guest.UserId}", $"d:0:{guest.UserId}", $"d:10001:{anchor.UserId}" })
            await guest.RefusedAsync("guest", Code.Sync, After(conversation, 0));
        await guest.RefusedAsync("bad_sync", Code.Sync, After("nonsense", 0));
        foreach (var code in new[] { Code.Receipt, Code.Error, Code.Bye })
            await guest.RefusedAsync("unexpected_code", code, []);
        Assert.Empty((await guest.SyncAsync([])).Messages());

        Assert.Empty(await anchors.FlushAsync());
        Assert.Empty(await guest.FlushAsync());
        Assert.Empty(await Server.HistoryAsync($"r:{room}"));
    }

    [Fact]
    public async Task A_guest_gets_into_open_living_rooms_alone_and_reads_no_other()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var (other, closed) = await PageClient.GoLiveAsync(Server);
        var (_, third) = await PageClient.GoLiveAsync(Server);
        await other.OkAsync("/living/closeLiving", ("roomId", closed));
        var own = TestIds.NewRoom();
        await using var user = await TestClient.LogInAsync(Server, TestIds.NewUser());
        await user.JoinAsync(own);
        await user.ChatInRoomAsync(own, "secret", "secret");
        await user.ReceiptAsync("secret");
        await using var anchors = await anchor.ConnectAsync(room);
        for (var i = 1; i <= 3; i++)
        {
            await anchors.ChatInRoomAsync(room, $"{i}", $"{i}");
            await anchors.ReceiptAsync($"{i}");
        }

        await using var guest = await GuestSteps.LogInGuestAsync(Server, GuestSteps.NewGuest());
        Assert.Equal(own, (await guest.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = own })).Number("roomId"));
        await guest.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = 9_000_000 });
        await guest.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = closed });
        foreach (var id in new[] { room, own, closed, third })
            await guest.RefusedAsync("not_joined", Code.Sync, After($"r:{id}", 0));
        await guest.JoinAsync(room);
        Assert.Equal(["2", "3"], (await guest.SyncAsync(new JsonObject { [$"r:{room}"] = 1 })).Messages().Select(m => m.Content()));
        await guest.RefusedAsync("not_joined", Code.Sync, new JsonObject { ["after"] = new JsonObject { [$"r:{room}"] = 0, [$"r:{own}"] = 0 } });
        Assert.Equal(1, (await Server.GetAsync($"api/v1/rooms/{own}")).Number("viewers"));
    }

    [Fact]
    public async Task A_guests_token_that_names_rooms_opens_living_rooms_among_them()
    {
        var (_, named) = await PageClient.GoLiveAsync(Server);
        var (_, other) = await PageClient.GoLiveAsync(Server);
        var own = TestIds.NewRoom();
        await using var guest = await TestClient.LogInAsync(Server, GuestSteps.NewGuest(), changeToken: token =>
        {
            token.OfGuest();
            token["rooms"] = new JsonArray(named, own);
        });
        await guest.JoinAsync(named);
        await guest.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = other });
        await guest.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = own });
    }

    [Fact]
    public async Task An_id_of_a_guest_without_the_word_and_the_word_without_the_id_are_bad_tokens()
    {
        foreach (var (user, isGuest) in new[] { (GuestSteps.FirstGuest, false), ((1L << 53) - 1, false), (GuestSteps.FirstGuest - 1, true), (10_001L, true) })
        {
            await using var client = await Server.PresentAsync(TestTokens.Mint(Server, user, token => token["guest"] = isGuest ? true : null), user);
            Assert.Equal("bad_token", Assert.Single(await client.DrainAsync()).Text("error"));
        }

        await using var plain = await Server.PresentAsync(TestTokens.Mint(Server, GuestSteps.FirstGuest), GuestSteps.FirstGuest);
        Assert.Equal("bad_token", Assert.Single(await plain.DrainAsync()).Text("error"));
        await using var last = await GuestSteps.LogInGuestAsync(Server, (1L << 53) - 1);
        await using var below = await TestClient.LogInAsync(Server, GuestSteps.FirstGuest - 1);
        Assert.Empty(await last.FlushAsync());
        Assert.Empty(await below.FlushAsync());
    }

    [Fact]
    public async Task A_guest_is_online_for_nobody_and_has_no_device()
    {
        var id = GuestSteps.NewGuest();
        await using var guest = await GuestSteps.LogInGuestAsync(Server, id, device: "phone");
        await using var again = await GuestSteps.LogInGuestAsync(Server, id, device: "phone");
        await using var user = await TestClient.LogInAsync(Server, TestIds.NewUser());
        Assert.Equal("""{"online":false,"sessions":[]}""", (await Server.GetAsync($"api/v1/users/{id}/online")).ToJsonString());
        var map = await Server.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{id}},{{user.UserId}}]}""");
        Assert.Equal((false, true), (map[$"{id}"]!.GetValue<bool>(), map[$"{user.UserId}"]!.GetValue<bool>()));
        Assert.Empty(await Server.UnackedAsync(id));
        await Server.Http.PostJsonAsync("/api/v1/messages", """{"bizCode":5555,"data":{"content":"to all"},"to":{"all":true}}""");
        Assert.Equal("to all", (await user.ReceiveAsync(Code.Message)).Content());
        Assert.Empty(await guest.FlushAsync());
        Assert.Empty(await again.FlushAsync());
    }

    [Fact]
    public async Task Nobody_writes_to_a_guest_or_gets_his_id()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var browser = new PageClient(Server);
        await using var guest = await browser.VisitAsync(room);
        var (id, _) = await browser.GuestConfigAsync();
        await using var user = await TestClient.LogInAsync(Server, TestIds.NewUser());
        foreach (var other in new[] { id, GuestSteps.FirstGuest, (1L << 53) - 1 })
        {
            await user.RefusedAsync("bad_target", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["objectId"] = other }));
            foreach (var (path, body) in new[]
            {
                ("/api/v1/tokens", $$"""{"userId":{{other}}}"""),
                ("/api/v1/tokens", $$"""{"userId":"{{other}}","account":true}"""),
                ("/api/v1/messages", $$"""{"bizCode":5555,"data":{},"to":{"user":{{other}} } }"""),
                ("/api/v1/messages", $$"""{"bizCode":5555,"data":{},"to":{"users":[10001,{{other}}]} }"""),
                ("/api/v1/messages", $$"""{"bizCode":5555,"data":{},"from":{{other}},"to":{"room":{{room}} } }"""),
                ("/api/v1/messages", $$"""{"bizCode":5555,"data":{},"from":{{other}},"to":{"all":true} }"""),
                ($"/api/v1/rooms/{room}/mute", $$"""{"userId":{{other}}}"""),
            })
                await Server.Http.ProblemAsync(HttpMethod.Post, path, HttpStatusCode.Conflict, body);
            await Server.Http.ProblemAsync(HttpMethod.Post, $"/api/v1/users/{other}/tags", HttpStatusCode.NotFound, """{"tag":"vip"}""");
            await Server.Http.ProblemAsync(HttpMethod.Post, $"/api/v1/users/{other}/password", HttpStatusCode.NotFound, """{"password":"correct horse"}""");
            Assert.Equal(501, (await anchor.PostAsync("/living/mute", ("roomId", room), ("userId", other))).Code);
        }

        // The id before is anybody's.
        await Server.Http.MintAsync(GuestSteps.FirstGuest - 1);
        Assert.Empty(await guest.FlushAsync());
    }

    [Fact]
    public async Task A_guest_can_be_removed_kicked_and_suspended()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var browser = new PageClient(Server);
        var (id, _) = await browser.GuestConfigAsync();
        await using (var guest = await browser.VisitAsync(room))
        {
            Assert.Equal(501, (await anchor.PostAsync("/living/remove", ("roomId", room), ("userId", GuestSteps.NewGuest()))).Code);
            await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", id), ("seconds", 60));
            Assert.Equal("removed", (await guest.ReceiveAsync(Code.Leave)).Text("reason"));
            Assert.True((await guest.RefusedAsync("banned", Code.Join, new JsonObject { ["roomId"] = room })).Number("retryAfterMs") > 0);
        }

        var (_, other) = await PageClient.GoLiveAsync(Server);
        await using (var guest = await browser.VisitAsync(other))
        {
            Assert.Equal(1, (await Server.Http.PostJsonAsync($"/api/v1/rooms/{other}/kick", $$"""{"userId":{{id}}}""")).Number("removed"));
            Assert.Equal("removed", (await guest.ReceiveAsync(Code.Leave)).Text("reason"));
            await guest.JoinAsync(other);
            var (_, early) = await browser.GuestConfigAsync();
            Assert.Equal(1, (await Server.Http.PostJsonAsync($"/api/v1/users/{id}/kick", "{}")).Number("closed"));
            Assert.Equal("kicked", (await guest.DrainAsync())[^1].Text("reason"));
            await using var refused = await Server.PresentAsync(early, id);
            Assert.Equal("bad_token", (await refused.ReceiveAsync()).Text("error"));
        }

        await using (var guest = await browser.VisitAsync(other))
        {
            var (_, early) = await browser.GuestConfigAsync();
            Assert.Equal(1, (await Server.Http.PostJsonAsync($"/api/v1/users/{id}/suspend", "{}")).Number("closed"));
            Assert.Equal("kicked", (await guest.DrainAsync())[^1].Text("reason"));
            await using var refused = await Server.PresentAsync(early, id);
            Assert.Equal("bad_token", (await refused.ReceiveAsync()).Text("error"));
            Assert.Equal(403, (await browser.PostAsync("/im/guestConfig")).Code);
            await Server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{id}/unsuspend");
            Assert.Equal(id, (await browser.GuestConfigAsync()).User);
        }
    }

    [Fact]
    public async Task A_thousand_guests_leave_nothing_behind_whatever_they_send()
    {
        const int Guests = 1000;
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var anchors = await anchor.ConnectAsync(room);
        await anchors.ChatInRoomAsync(room, "hello", "hello");
        var msgId = (await anchors.ReceiptAsync("hello")).Text("msgId");
        // Somebody without an account is remembered, however many guests come after.
        await using (var user = await TestClient.LogInAsync(Server, 20_000_000))
            await user.JoinAsync(room);
        // What the server writes a little later is there by then.
        await Wait.UntilAsync(() => Server.Sql("SELECT peak FROM living_room WHERE id = " + room, command => Convert.ToInt64(command.ExecuteScalar())) == 2, "the peak to be stored");
        var before = Server.RowCounts();
        await Parallel.ForEachAsync(Enumerable.Range(0, Guests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            using var browser = new PageClient(Server);
            await using var guest = await browser.VisitAsync(room);
            if (i % 10 != 0)
                return;
            await guest.SyncAsync(new JsonObject { [$"r:{room}"] = 0 });
            await guest.SendAsync(Code.Ack, new JsonObject { ["msgId"] = msgId });
            await guest.SendAsync(Code.Ack, new JsonObject { ["msgId"] = "1-1" });
            await guest.AckUpToAsync($"r:{room}", 1);
            await guest.AckUpToAsync($"d:{anchor.UserId}:{(await browser.GuestConfigAsync()).User}", 1);
            await guest.RefusedAsync("guest", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["roomId"] = room }, "x"));
            Assert.Empty(await guest.FlushAsync());
        });
        Assert.Equal(before, Server.RowCounts());
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", 20_000_000));
        await Wait.UntilAsync(async () => (await Server.GetAsync($"api/v1/rooms/{room}")).Number("viewers") == 1, "the guests to be gone");
        using var next = await PageClient.SignUpAsync(Server);
        Assert.InRange(next.UserId, anchor.UserId + 1, 1_000_000);
    }

    [Fact]
    public async Task A_flood_of_acks_of_a_guest_is_slowed_and_stores_nothing()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var anchors = await anchor.ConnectAsync(room);
        await using var guest = await GuestSteps.LogInGuestAsync(Server, GuestSteps.NewGuest());
        await guest.JoinAsync(room);
        var before = Server.RowCounts();
        var one = guest.Encode(Code.Ack, """{"msgId":"1-1"}""");
        var flood = Enumerable.Repeat(one, 1200).SelectMany(bytes => bytes).ToArray();
        var began = DateTimeOffset.UtcNow;
        await guest.SendRawAsync(flood);
        await guest.FlushAsync();
        // 400 at once, then 200 a second.
        Assert.True(DateTimeOffset.UtcNow - began > TimeSpan.FromSeconds(2));
        await anchors.ChatInRoomAsync(room, "still here", "x");
        Assert.Equal("still here", (await guest.ReceiveAsync(Code.Message)).Content());
        await anchors.ReceiptAsync("x");
        var after = Server.RowCounts();
        foreach (var table in new[] { "position", "unread", "used_id", "user_state" })
            Assert.Equal(before[table], after[table]);
    }

    private static JsonObject After(string conversation, long seq) => new() { ["after"] = new JsonObject { [conversation] = seq } };

    private async Task<List<long>> MembersAsync(long room) =>
        [.. (await Server.GetAsync($"api/v1/rooms/{room}/members"))["members"]!.AsArray().Select(user => user!.GetValue<long>())];

    private static async Task<long> WatchNumAsync(PageClient client, long room) =>
        (await client.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List.Single(card => card.Number("id") == room).Number("watchNum");
}
