using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Guests on several nodes: each knows its own, and all count them.</summary>
public sealed class ClusterGuestTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    [Fact]
    public async Task Guests_of_all_nodes_are_viewers_and_hear_the_room_and_are_listed_nowhere()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        await using var anchors = await anchor.ConnectAsync(room);
        using var browser = new PageClient(One);
        var (id, _) = await browser.GuestConfigAsync();
        // The cookie of one node is as good on another.
        Assert.Equal(id, (await browser.At(Two).GuestConfigAsync()).User);
        await using var two = await browser.At(Two).VisitAsync(room);
        await using var three = await GuestSteps.LogInGuestAsync(Three, GuestSteps.NewGuest());
        Assert.Equal(room, (await three.JoinAsync(room)).Number("roomId"));
        await Cluster.EverywhereAsync(async node => (await node.GetAsync($"api/v1/rooms/{room}"))["viewers"]!.GetValue<int>() == 3, "three viewers");
        await anchors.ChatInRoomAsync(room, "hello", "hello");
        await HearsAsync(two, "hello");
        await HearsAsync(three, "hello");
        await Wait.UntilAsync(
            async () =>
            {
                await two.SendAsync(Code.Heartbeat, new JsonObject());
                return (await two.ReceiveAsync(Code.Heartbeat)).Body["rooms"]![$"{room}"]!.GetValue<int>() == 3;
            },
            "the heartbeat to tell of three");

        foreach (var node in Cluster.Nodes)
        {
            var members = (await node.GetAsync($"api/v1/rooms/{room}/members"))["members"]!.AsArray().Select(user => user!.GetValue<long>());
            Assert.Equal([anchor.UserId], members);
            foreach (var guest in new[] { id, three.UserId })
                Assert.Empty(await SessionsAsync(node, guest));
            Assert.False((await node.Http.PostJsonAsync("/api/v1/online", $$"""{"users":[{{id}}]}"""))[$"{id}"]!.GetValue<bool>());
        }

        // Neither does the table of sessions have them, nor any other one that grows with who comes.
        foreach (var table in new[] { "session", "presence", "used_id", "user_state", "position" })
            Assert.Equal(0, await Cluster.CountAsync($"SELECT count(*) FROM {table} WHERE user_id IN ({id}, {three.UserId})"));
        await three.DisposeAsync();
        await Cluster.EverywhereAsync(async node => (await node.GetAsync($"api/v1/rooms/{room}"))["viewers"]!.GetValue<int>() == 2, "two viewers");
    }

    [Fact]
    public async Task A_guest_is_removed_and_kicked_through_another_node()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        await using var anchors = await anchor.ConnectAsync(room);
        var id = GuestSteps.NewGuest();
        await using var guest = await GuestSteps.LogInGuestAsync(Two, id);
        await guest.JoinAsync(room);
        Assert.Equal(501, (await anchor.PostAsync("/living/remove", ("roomId", room), ("userId", GuestSteps.NewGuest()))).Code);
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", id));
        Assert.Equal("removed", (await guest.ReceiveAsync(Code.Leave)).Text("reason"));
        await guest.RefusedAsync("banned", Code.Join, Room(room));

        await Three.Http.PostJsonAsync($"/api/v1/users/{id}/kick", "{}");
        await AssertEndedAsync(guest, "kicked");
        await using var again = await GuestSteps.LogInGuestAsync(Two, GuestSteps.NewGuest());
        await Three.Http.PostJsonAsync($"/api/v1/users/{again.UserId}/suspend", "{}");
        await AssertEndedAsync(again, "kicked");
        await Wait.UntilAsync(
            async () => await LogInAnswerAsync(Two, TestTokens.Mint(Two, again.UserId, GuestSteps.OfGuest), again.UserId) == "bad_token", "the suspension to be known");
    }

    [Fact]
    public async Task A_room_that_started_on_another_node_a_moment_ago_is_open_to_guests()
    {
        await using var guest = await GuestSteps.LogInGuestAsync(Two, GuestSteps.NewGuest());
        for (var i = 0; i < 5; i++)
        {
            var (anchor, room) = await PageClient.GoLiveAsync(One);
            Assert.Equal(room, (await guest.JoinAsync(room)).Number("roomId"));
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            Assert.Equal("room_closed", (await guest.ReceiveAsync(Code.Message)).Data.Text("event"));
        }

        await guest.RefusedAsync("bad_room", Code.Join, Room(TestIds.NewRoom()));
    }
}
