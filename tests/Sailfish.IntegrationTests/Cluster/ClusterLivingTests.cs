using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Living rooms whose anchor and viewers are on different nodes.</summary>
public sealed class ClusterLivingTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    private const int End = 5570;
    private const int Likes = 5571;
    private static readonly string[] State = ["state"];

    /// <summary>What the keeper takes at the most: its lead, the anchor's time, and a look.</summary>
    private static readonly TimeSpan Deserted = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_room_is_started_joined_liked_and_closed_through_different_nodes()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var ann = await PageClient.SignUpAsync(Two);
        using var bob = await PageClient.SignUpAsync(Three);
        await Cluster.EverywhereAsync(async node => (await ListedAsync(node)).Contains(room), "the room to be listed", Soon);
        await using var anchors = await anchor.At(Two).ConnectAsync(room);
        await using var anns = await ann.At(Two).ConnectAsync(room);
        await using var bobs = await bob.At(Three).ConnectAsync(room);
        await anns.ChatInRoomAsync(room, "hello", "hello");
        await HearsAsync(bobs, "hello");
        await HearsAsync(anchors, "hello");

        for (var i = 0; i < 5; i++)
        {
            await ann.OkAsync("/living/like", ("roomId", room), ("count", 2));
            // Through a node that he is not on.
            await bob.At(Cluster[i]).OkAsync("/living/like", ("roomId", room));
        }

        foreach (var client in new[] { anchors, anns, bobs })
            Assert.Equal(room, (await HearsOfLikesAsync(client, 15)).Data.Number("roomId"));
        await Cluster.EverywhereAsync(async node => await ConfigAsync(ann.At(node), room, "likes") == 15, "fifteen likes");
        await Cluster.EverywhereAsync(async node => await ConfigAsync(ann.At(node), room, "viewers") == 3, "three viewers");
        await Cluster.EverywhereAsync(async node => await CardAsync(node, room, "watchNum") == 3 && await CardAsync(node, room, "goodNum") == 15, "the list to tell of them");

        await anchor.At(Three).OkAsync("/living/closeLiving", ("roomId", room));
        foreach (var client in new[] { anchors, anns, bobs })
            await HearsTheEndAsync(client, room);
        await AssertClosedAsync(anchor, room);
        var record = Assert.Single((await anchor.At(Two).OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        Assert.Equal((room, 3L, 15L), (record.Number("id"), record.Number("peakViewers"), record.Number("goodNum")));
        foreach (var client in new[] { anchors, anns, bobs })
        {
            // Told once.
            Assert.DoesNotContain(await client.FlushAsync(), frame => frame.Code == Code.Message && frame.Number("bizCode") == End);
            await client.RefusedAsync("room_closed", Code.Join, Room(room));
        }
    }

    [Fact]
    public async Task Members_of_all_nodes_are_in_the_list_of_each_and_guests_in_its_number()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var anchors = await anchor.At(Two).ConnectAsync(room);
        await using var viewers = await viewer.At(Three).ConnectAsync(room);
        List<TestClient> guests = [];
        foreach (var node in new[] { One, One, Three })
        {
            var id = (1L << 52) + TestIds.NewUser();
            var guest = await node.PresentAsync(TestTokens.Mint(node, id, claims => claims["guest"] = true), id);
            Assert.Equal(Code.Login, (await guest.ReceiveAsync()).Code);
            await guest.JoinAsync(room);
            guests.Add(guest);
        }

        var expected = new[] { anchor, viewer }.OrderBy(c => c.UserId).Select(c => (c.UserId, c.Name)).ToList();
        foreach (var node in Cluster.Nodes)
        {
            var all = await viewer.At(node).OkAsync("/living/members", ("roomId", room));
            Assert.Equal(expected, all.List.ConvertAll(m => (m.Number("userId"), m.Text("nickName"))));
            Assert.Equal(3, all.Number("guests"));
            var first = await anchor.At(node).OkAsync("/living/members", ("roomId", room), ("limit", 1));
            var second = await anchor.At(node).OkAsync("/living/members", ("roomId", room), ("limit", 1), ("cursor", first.Number("cursor")));
            Assert.Equal(expected.ConvertAll(m => m.UserId), [.. first.List.Concat(second.List).Select(m => m.Number("userId"))]);
            Assert.Null(second.Data["cursor"]);
        }

        foreach (var guest in guests)
            await guest.DisposeAsync();
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
    }

    [Fact]
    public async Task Who_was_removed_and_muted_is_told_by_each_node_and_let_in_again_by_each()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var watching = await viewer.At(Three).ConnectAsync(room);
        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId));
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId));
        await watching.ReceiveAsync(Code.Leave);
        await Cluster.EverywhereAsync(async node => await ToldAsync(node, "muted") && await ToldAsync(node, "removed"), "both restrictions", Soon);
        await watching.RefusedAsync("banned", Code.Join, Room(room));
        await anchor.At(Two).OkAsync("/living/unremove", ("roomId", room), ("userId", viewer.UserId));
        await Cluster.EverywhereAsync(async node => await ToldAsync(node, "muted") && !await ToldAsync(node, "removed"), "the removal to be over", Soon);
        Assert.Equal(room, (await watching.JoinAsync(room)).Number("roomId"));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));

        async Task<bool> ToldAsync(ServerProcess node, string kind)
        {
            var restrictions = (await anchor.At(node).OkAsync("/living/restrictions", ("roomId", room))).Data;
            return restrictions[kind]!.AsArray().Any(one => one!["userId"]!.GetValue<long>() == viewer.UserId && one["nickName"]!.GetValue<string>() == viewer.Name);
        }
    }

    [Fact]
    public async Task A_cover_is_shown_by_all_nodes_until_the_room_closes()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var nobody = new PageClient(One);
        await Cluster.EverywhereAsync(async node => (await ListedAsync(node)).Contains(room), "the room to be listed", Soon);
        List<string> seen = [];
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await anchor.At(Cluster[i]).CoverAsync(TestPictures.Jpeg(16 + i, 8), auto: i < 2 ? "true" : "false")).Code);
            await Cluster.EverywhereAsync(async node => await TagAsync(node) is { } tag && !seen.Contains(tag), "the next cover", Soon);
            seen.Add((await TagAsync(One))!);
            foreach (var node in Cluster.Nodes)
                Assert.Equal(seen[^1], await TagAsync(node));
        }

        await Cluster.EverywhereAsync(
            async node => (await nobody.At(node).OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List.Single(c => c.Number("id") == room).Text("covertImg") == $"/live/{room}.jpg",
            "the list to show it");
        // Also there it is known that this one was chosen.
        foreach (var node in Cluster.Nodes)
            Assert.True((await anchor.At(node).CoverAsync(TestPictures.Jpeg(), auto: "true")).Flag("chosen"));
        await anchor.At(Two).OkAsync("/living/closeLiving", ("roomId", room));
        await Cluster.EverywhereAsync(async node => await TagAsync(node) is null, "no cover", Soon);
        Assert.Equal(0, await Cluster.CountAsync($"SELECT count(*) FROM living_cover WHERE room_id = {room}"));

        async Task<string?> TagAsync(ServerProcess node)
        {
            using var response = await nobody.At(node).GetAsync($"/live/{room}.jpg");
            return response.Headers.ETag?.ToString();
        }
    }

    [Fact]
    public async Task An_anchor_keeps_the_room_open_from_any_node_and_one_who_never_comes_does_not()
    {
        var (kept, room) = await PageClient.GoLiveAsync(One);
        var (_, deserted) = await PageClient.GoLiveAsync(Two);
        using var fan = await PageClient.SignUpAsync(Three);
        await using var anchors = await kept.At(Two).ConnectAsync(room);
        await using var watching = await fan.ConnectAsync(deserted);
        // Both had the same time: when one is closed, the other would be.
        await Cluster.EverywhereAsync(async node => await ConfigAsync(fan.At(node), deserted, "roomId") == -1, "the deserted room to close", Deserted);
        await HearsTheEndAsync(watching, deserted);
        Assert.Equal(End, Assert.Single(await One.WholeHistoryAsync($"r:{deserted}")).Number("bizCode"));
        foreach (var node in Cluster.Nodes)
            Assert.Equal(room, await ConfigAsync(fan.At(node), room, "roomId"));
        Assert.Empty(await anchors.FlushAsync());
        await kept.At(Three).OkAsync("/living/closeLiving", ("roomId", room));
        await HearsTheEndAsync(anchors, room);
    }

    [Fact]
    public async Task Who_starts_on_all_nodes_at_once_has_one_room_and_others_have_others()
    {
        using var anchor = await PageClient.SignUpAsync(One, vip: true);
        using var other = await PageClient.SignUpAsync(Two, vip: true);
        await Cluster.EverywhereAsync(
            async node => (await anchor.At(node).OkAsync("/home/initPage")).Flag("showStartLivingBtn") && (await other.At(node).OkAsync("/home/initPage")).Flag("showStartLivingBtn"), "the tags", Soon);
        for (var round = 0; round < 4; round++)
        {
            var rooms = await Task.WhenAll(Cluster.Nodes.SelectMany(node => new[] { anchor.At(node).StartAsync(), other.At(node).StartAsync() }));
            Assert.Equal(2, rooms.Distinct().Count());
            Assert.Single(rooms.Where((_, i) => i % 2 == 0).Distinct());
            foreach (var (client, room) in new[] { (anchor, rooms[0]), (other, rooms[1]) })
            {
                // A node may not have heard of the room yet.
                await Cluster.EverywhereAsync(async node => await ConfigAsync(client.At(node), room, "roomId") == room, "the room", Soon);
                var codes = await Task.WhenAll(Cluster.Nodes.Select(async node => (await client.At(node).PostAsync("/living/closeLiving", ("roomId", room))).Code));
                Assert.Equal([200, 501, 501], codes.Order());
                Assert.Equal(End, Assert.Single(await One.WholeHistoryAsync($"r:{room}")).Number("bizCode"));
            }
        }

        Assert.Equal(4, (await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List.Count);
    }

    [Fact]
    public async Task What_is_said_on_all_nodes_while_a_room_closes_is_before_the_end_or_refused()
    {
        const int Each = 60;
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        List<TestClient> senders = [];
        List<TestClient> viewers = [];
        for (var i = 0; i < 6; i++)
        {
            var client = await TestClient.LogInAsync(Cluster[i], TestIds.NewUser());
            await client.JoinAsync(room);
            (i < 3 ? senders : viewers).Add(client);
        }

        var hearing = viewers.Select(viewer => HearToTheEndAsync(viewer)).ToList();
        var speaking = senders.Select(sender => SpeakAsync(sender, room, Each)).ToList();
        await Wait.UntilAsync(async () => (await Two.HistoryAsync($"r:{room}")).Count > 5, "the first messages");
        await anchor.At(Two).OkAsync("/living/closeLiving", ("roomId", room));
        var receipted = (await Task.WhenAll(speaking)).SelectMany(keys => keys).ToList();
        var log = await Three.WholeHistoryAsync($"r:{room}");
        Assert.Equal(End, log[^1].Number("bizCode"));
        Assert.Equal(receipted.Order(), log.SkipLast(1).Select(m => m.Content()).Order());
        foreach (var heard in await Task.WhenAll(hearing))
            Assert.Equal(log.Select(m => m.Text("msgId")), heard);
        foreach (var client in senders.Concat(viewers))
            await client.DisposeAsync();
    }

    [Fact]
    public async Task An_anchor_moderates_viewers_of_other_nodes_through_any_node()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var anchors = await anchor.At(One).ConnectAsync(room);
        await using var watching = await viewer.At(Two).ConnectAsync(room);
        await anchor.At(Three).OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId), ("seconds", 600));
        await Wait.UntilAsync(
            async () =>
            {
                await watching.ChatInRoomAsync(room, "am I heard?", Guid.NewGuid().ToString());
                return (await watching.ReceiveAsync()).Text("error") == "muted";
            },
            Soon,
            "the mute");
        await anchor.At(Three).OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId));
        Assert.Equal("removed", (await watching.ReceiveAsync(Code.Leave)).Text("reason"));
        await Wait.UntilAsync(
            async () =>
            {
                await watching.SendAsync(Code.Join, Room(room));
                return (await watching.ReceiveAsync()).Text("error") == "banned";
            },
            Soon,
            "the ban");
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
    }

    [Fact]
    public async Task The_state_of_a_room_is_the_same_on_all_nodes_wherever_it_changes()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Three);
        await Cluster.EverywhereAsync(async node => await ConfigAsync(viewer.At(node), room, "roomId") == room, "the room", Soon);
        await using var anchors = await anchor.At(Two).ConnectAsync(room, State);
        await using (var watching = await viewer.At(Three).ConnectAsync(room, State))
        {
            await anchors.HearStateAsync(change => change["viewers"]?.GetValue<int>() == 2);
            // Through a node that neither is on.
            await anchor.At(One).OkAsync("/living/edit", ("roomId", room), ("roomName", "Noodles"), ("announcement", "at eight"));
            foreach (var client in new[] { anchors, watching })
                Assert.Equal("at eight", (await client.HearStateAsync(change => change["title"]?.GetValue<string>() == "Noodles")).Text("announcement"));
            await Cluster.EverywhereAsync(async node => (await viewer.At(node).OkAsync("/living/anchorConfig", ("roomId", room))).Text("roomName") == "Noodles", "the name", Soon);
        }

        await anchors.HearStateAsync(change => change["viewers"]?.GetValue<int>() == 1);
        await using var late = await TestClient.LogInAsync(One, TestIds.NewUser(), features: State);
        var joined = await late.JoinAsync(room);
        Assert.Equal(("Noodles", "at eight", "off"), (joined.Text("title"), joined.Text("announcement"), joined.Text("stream")));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
    }

    private static async Task<List<string>> SpeakAsync(TestClient client, long room, int count)
    {
        List<string> receipted = [];
        for (var i = 0; i < count; i++)
        {
            var key = $"{client.UserId} {i}";
            await client.ChatInRoomAsync(room, key, key);
            while (true)
            {
                var frame = await client.ReceiveAsync();
                if (frame.Text("clientMsgId") != key || frame.Code is not (Code.Receipt or Code.Error))
                    continue;
                if (frame.Code == Code.Receipt)
                    receipted.Add(key);
                else
                    Assert.Equal("room_closed", frame.Text("error"));
                break;
            }
        }

        return receipted;
    }

    private static async Task<List<string?>> HearToTheEndAsync(TestClient client)
    {
        List<string?> ids = [];
        while (true)
        {
            var message = await client.ReceiveAsync(Code.Message);
            if (message.Number("bizCode") != Likes)
                ids.Add(message.Text("msgId"));
            if (message.Number("bizCode") == End)
                return ids;
        }
    }

    private static async Task HearsTheEndAsync(TestClient client, long room)
    {
        ReceivedFrame message;
        do
            message = await client.ReceiveAsync(Code.Message);
        while (message.Number("bizCode") == Likes);
        Assert.Equal((End, room, "room_closed"), ((int)message.Number("bizCode"), message.Data.Number("roomId"), message.Data["event"]!.GetValue<string>()));
        Assert.Equal($"r:{room}", message.Text("conversation"));
    }

    private static async Task<ReceivedFrame> HearsOfLikesAsync(TestClient client, long likes)
    {
        while (true)
        {
            var message = await client.ReceiveAsync(Code.Message);
            Assert.Equal(Likes, message.Number("bizCode"));
            if (message.Data.Number("likes") == likes)
                return message;
        }
    }

    private static async Task<long> ConfigAsync(PageClient client, long room, string member)
    {
        var config = await client.OkAsync("/living/anchorConfig", ("roomId", room));
        return config.Data[member]?.GetValue<long>() ?? 0;
    }

    private static async Task<List<long>> ListedAsync(ServerProcess node)
    {
        using var nobody = new PageClient(node);
        return [.. (await nobody.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List.Select(card => card.Number("id"))];
    }

    private static async Task<long> CardAsync(ServerProcess node, long room, string member)
    {
        using var nobody = new PageClient(node);
        var cards = (await nobody.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List;
        return cards.Find(card => card.Number("id") == room)?.Number(member) ?? -1;
    }

    private async Task AssertClosedAsync(PageClient anchor, long room)
    {
        await Cluster.EverywhereAsync(async node => await ConfigAsync(anchor.At(node), room, "roomId") == -1 && !(await ListedAsync(node)).Contains(room), "the room to be gone", Soon);
        foreach (var node in Cluster.Nodes)
        {
            Assert.False((await node.GetAsync($"api/v1/rooms/{room}"))["open"]!.GetValue<bool>());
            Assert.Equal(501, (await anchor.At(node).PostAsync("/living/closeLiving", ("roomId", room))).Code);
        }
    }
}
