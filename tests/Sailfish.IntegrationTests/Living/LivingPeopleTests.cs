using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Who is in a room, for those who are; who is muted and removed, for its anchor.</summary>
public sealed class LivingPeopleTests(ServerFixture<ForManyPageCalls> fixture) : IClassFixture<ServerFixture<ForManyPageCalls>>
{
    /// <summary>User ids of guests begin here.</summary>
    private const long FirstGuest = 1L << 52;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Members_are_those_in_the_room_by_the_names_that_they_speak_under_and_guests_are_a_number()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        var picture = (await viewer.UploadAsync(TestPictures.Any, "a.png")).Text("avatar");
        await viewer.OkAsync("/account/profile", ("nickName", "Ann <b>"));
        await using var there = await anchor.ConnectAsync(room);
        Assert.Equal([(anchor.UserId, anchor.Name, $"/avatar/{anchor.UserId}.svg")], Names(await MembersAsync(anchor, room)));

        // Twice there is once in the list.
        await using var watching = await viewer.ConnectAsync(room);
        await using var again = await viewer.ConnectAsync(room);
        await using var named = await JoinAsync(20_001, room, claims => (claims["name"], claims["avatar"]) = ("Somebody", "https://example.com/a.png"));
        await using var unnamed = await JoinAsync(20_002, room);
        await using var guest = await JoinAsync(FirstGuest + 5, room);
        await using var same = await JoinAsync(FirstGuest + 5, room);
        await using var other = await JoinAsync(FirstGuest, room);
        var members = await MembersAsync(viewer, room);
        Assert.Equal(
            [
                (20_001, "Somebody", "https://example.com/a.png"),
                (20_002, "", "/avatar/20002.svg"),
                (anchor.UserId, anchor.Name, $"/avatar/{anchor.UserId}.svg"),
                (viewer.UserId, "Ann <b>", picture),
            ],
            Names(members));
        Assert.Equal(2, members.Number("guests"));
        Assert.Null(members.Data["cursor"]);
        await other.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
        await unnamed.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
        await other.ReceiveAsync(Code.Leave);
        await unnamed.ReceiveAsync(Code.Leave);
        var left = await MembersAsync(anchor, room);
        Assert.Equal((3, 1L), (left.List.Count, left.Number("guests")));
    }

    [Fact]
    public async Task Who_is_not_in_the_room_or_asks_of_one_that_closed_is_refused()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        Assert.Equal(501, (await anchor.PostAsync("/living/members", ("roomId", room))).Code);
        await using (var watching = await viewer.ConnectAsync(room))
        {
            Assert.Single((await MembersAsync(viewer, room)).List);
            await watching.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
            await watching.ReceiveAsync(Code.Leave);
            Assert.Equal(501, (await viewer.PostAsync("/living/members", ("roomId", room))).Code);
        }

        await using var there = await anchor.ConnectAsync(room);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(501, (await anchor.PostAsync("/living/members", ("roomId", room))).Code);
        Assert.Equal(501, (await anchor.PostAsync("/living/members", ("roomId", 1_999_999))).Code);
        // An app's own room is none of the page's.
        await using var elsewhere = await JoinAsync(20_003, 77);
        Assert.Equal(501, (await anchor.PostAsync("/living/members", ("roomId", 77))).Code);
    }

    [Fact]
    public async Task A_room_of_thousands_comes_in_pages_each_user_once_in_the_order_of_ids()
    {
        const int Crowd = 2_000, Guests = 15;
        const long First = 30_000;
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        List<TestClient> crowd = [];
        // In no order, and some at once.
        foreach (var some in Enumerable.Range(0, Crowd + Guests).Select(i => i < Crowd ? First + (i * 7 % Crowd) : FirstGuest + i).Chunk(50))
            crowd.AddRange(await Task.WhenAll(some.Select(user => JoinAsync(user, room))));
        foreach (var limit in new[] { 100, 37 })
        {
            List<long> seen = [];
            long? cursor = 0;
            while (cursor is { } behind)
            {
                var page = await anchor.OkAsync("/living/members", ("roomId", room), ("cursor", behind), ("limit", limit));
                Assert.Equal(Guests, page.Number("guests"));
                seen.AddRange(page.List.Select(m => m.Number("userId")));
                Assert.True(page.Data.AsObject().ContainsKey("cursor"));
                cursor = page.Data["cursor"]?.GetValue<long>();
                Assert.InRange(page.List.Count, 1, limit);
            }

            Assert.Equal([.. Enumerable.Range(0, Crowd).Select(i => First + i), anchor.UserId], seen);
        }

        var all = await anchor.OkAsync("/living/members", ("roomId", room));
        Assert.Equal((100, First + 99), (all.List.Count, all.Number("cursor")));
        Assert.Empty((await anchor.OkAsync("/living/members", ("roomId", room), ("cursor", long.MaxValue))).List);
        // An object is no number, nor none.
        Assert.Equal(400, (await anchor.PostAsync("/living/members", PageClient.Json($$$"""{"roomId":{{{room}}},"cursor":{}}"""))).Code);
        Assert.Equal(200, (await anchor.PostAsync("/living/members", PageClient.Json($$"""{"roomId":{{room}},"cursor":null}"""))).Code);
        await Task.WhenAll(crowd.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Who_is_muted_and_removed_is_listed_with_names_and_ends_whoever_did_it()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var ann = await PageClient.SignUpAsync(Server);
        using var bob = await PageClient.SignUpAsync(Server);
        Assert.Equal("muted  removed ", await RestrictionsAsync(anchor, room));
        var begun = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", ann.UserId), ("seconds", 100));
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", bob.UserId));
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", bob.UserId), ("seconds", 200));
        await Server.Http.PostJsonAsync($"/api/v1/rooms/{room}/kick", """{"userId":20004,"seconds":86400}""");
        var data = (await anchor.OkAsync("/living/restrictions", ("roomId", room))).Data;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var muted = data["muted"]!.AsArray().Select(m => m!.AsObject()).ToList();
        Assert.Equal([(bob.UserId, bob.Name, $"/avatar/{bob.UserId}.svg"), (ann.UserId, ann.Name, $"/avatar/{ann.UserId}.svg")], muted.Select(Name));
        Assert.InRange(muted[1].Number("until"), begun + 100_000, now + 100_000);
        var removed = data["removed"]!.AsArray().Select(m => m!.AsObject()).ToList();
        Assert.Equal([(20_004, "", "/avatar/20004.svg"), (bob.UserId, bob.Name, $"/avatar/{bob.UserId}.svg")], removed.Select(Name));
        Assert.InRange(removed[1].Number("until"), begun + 200_000, now + 200_000);

        await anchor.OkAsync("/living/unmute", ("roomId", room), ("userId", bob.UserId));
        await anchor.OkAsync("/living/unremove", ("roomId", room), ("userId", 20_004));
        Assert.Equal($"muted {ann.UserId} removed {bob.UserId}", await RestrictionsAsync(anchor, room));
        // What has ended is gone, and other rooms have their own.
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", ann.UserId), ("seconds", 1));
        await Wait.UntilAsync(async () => await RestrictionsAsync(anchor, room) == $"muted  removed {bob.UserId}", "the mute to end");
        var (other, elsewhere) = await PageClient.GoLiveAsync(Server);
        Assert.Equal("muted  removed ", await RestrictionsAsync(other, elsewhere));
    }

    [Fact]
    public async Task Who_was_removed_comes_in_again_when_the_anchor_lets_him()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var watching = await viewer.ConnectAsync(room);
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId));
        await watching.ReceiveAsync(Code.Leave);
        await watching.RefusedAsync("banned", Code.Join, new JsonObject { ["roomId"] = room });
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId));
        await anchor.OkAsync("/living/unremove", ("roomId", room), ("userId", viewer.UserId));
        Assert.Equal(room, (await watching.JoinAsync(room)).Number("roomId"));
        // The mute is another matter; and once more is nothing.
        await watching.RefusedAsync("muted", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "hi", ["roomId"] = room }));
        await anchor.OkAsync("/living/unremove", ("roomId", room), ("userId", viewer.UserId));
    }

    [Fact]
    public async Task Only_the_anchor_of_an_open_room_sees_and_ends_restrictions()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var (other, _) = await PageClient.GoLiveAsync(Server);
        foreach (var path in new[] { "/living/restrictions", "/living/unremove" })
        {
            Assert.Equal(501, (await other.PostAsync(path, ("roomId", room), ("userId", 20_005))).Code);
            Assert.Equal(501, (await anchor.PostAsync(path, ("roomId", 1_999_999), ("userId", 20_005))).Code);
        }

        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        foreach (var path in new[] { "/living/restrictions", "/living/unremove" })
            Assert.Equal(501, (await anchor.PostAsync(path, ("roomId", room), ("userId", 20_005))).Code);
    }

    private static Task<PageReply> MembersAsync(PageClient client, long room) => client.OkAsync("/living/members", ("roomId", room));

    private static async Task<string> RestrictionsAsync(PageClient anchor, long room)
    {
        var data = (await anchor.OkAsync("/living/restrictions", ("roomId", room))).Data;
        return $"muted {Users("muted")} removed {Users("removed")}";

        string Users(string member) => string.Join(',', data[member]!.AsArray().Select(m => m!["userId"]));
    }

    private static List<(long, string, string)> Names(PageReply members) => [.. members.List.Select(Name)];

    private static (long, string, string) Name(JsonObject member) => (member.Number("userId"), member.Text("nickName"), member.Text("avatar"));

    private async Task<TestClient> JoinAsync(long user, long room, Action<JsonObject>? change = null)
    {
        var token = TestTokens.Mint(Server, user, claims =>
        {
            if (user >= FirstGuest)
                claims["guest"] = true;
            change?.Invoke(claims);
        });
        var client = await Server.PresentAsync(token, user);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        await client.JoinAsync(room);
        return client;
    }
}
