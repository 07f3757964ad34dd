using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>The list with many rooms, read page by page while rooms come and go, and the anchors' names in it.</summary>
public sealed class LivingListTests
{
    private const int Rooms = 450;
    private const long FirstRoom = 1_000_001;
    private const long FirstAnchor = 200_001;

    [Fact]
    public async Task Hundreds_of_rooms_come_in_pages_newest_first_each_once_with_their_anchors()
    {
        await using var server = await StartWithRoomsAsync();
        using var nobody = new PageClient(server);
        foreach (var pageSize in new[] { 100, 7, 1 })
        {
            var cards = await AllAsync(nobody, type: 1, pageSize);
            Assert.Equal(Enumerable.Range(0, Rooms).Select(i => FirstRoom + i).Where(id => id % 3 != 0).Reverse(), cards.Select(c => c.Number("id")));
            Assert.All(cards, c => Assert.Equal($"Nick {c.Number("anchorId")}", c.Text("anchorNickName")));
            Assert.All(cards, c => Assert.Equal(c.Number("anchorId") % 2 == 0 ? "/avatar/a.png" : $"/avatar/{c.Number("anchorId")}.svg", c.Text("anchorImg")));
        }

        Assert.Equal(Rooms / 3, (await AllAsync(nobody, type: 2, 100)).Count);
    }

    [Fact]
    public async Task Rooms_that_open_and_close_between_two_pages_make_no_gap_for_who_reads_on_with_before()
    {
        await using var server = await StartWithRoomsAsync();
        var there = await AllAsync(new PageClient(server), type: 1, 100);
        using var reader = new PageClient(server);
        List<long> seen = [];
        long? before = null;
        var hasNext = true;
        while (hasNext)
        {
            (string, object)[] input = [("type", 1), ("page", 1), ("pageSize", 50)];
            var reply = await reader.OkAsync("/living/list", before is null ? input : [.. input, ("before", before)]);
            seen.AddRange(reply.List.Select(c => c.Number("id")));
            (before, hasNext) = (seen[^1], reply.Flag("hasNext"));
            // One more at the top, and the newest one that was seen is gone: all others move by pages.
            var (anchor, room) = await PageClient.GoLiveAsync(server);
            Assert.DoesNotContain(room, seen);
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            await PageClient.GoLiveAsync(server);
        }

        Assert.Equal(there.Select(c => c.Number("id")), seen);
    }

    [Fact]
    public async Task A_room_that_opens_between_two_pages_is_at_the_top_and_moves_the_others_by_one()
    {
        await using var server = await StartWithRoomsAsync();
        using var reader = new PageClient(server);
        var first = await PageAsync(reader, 1);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        var second = await PageAsync(reader, 2);
        Assert.Equal(first[^1], second[0]);
        Assert.Equal([room, .. first[..^1]], await PageAsync(reader, 1));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(first, await PageAsync(reader, 1));
        Assert.Equal(second[1..], (await PageAsync(reader, 2))[..^1]);

        static async Task<List<long>> PageAsync(PageClient client, int page) =>
            [.. (await client.OkAsync("/living/list", ("type", 1), ("page", page), ("pageSize", 50))).List.Select(c => c.Number("id"))];
    }

    [Fact]
    public async Task A_new_name_and_picture_of_an_anchor_are_soon_in_the_list_without_asking_the_database()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Accounts:CallsPerSecond=0");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        Assert.Equal((anchor.Name, $"/avatar/{anchor.UserId}.svg"), await AnchorAsync(anchor, room));
        await anchor.OkAsync("/account/profile", ("nickName", "New <b>"));
        var picture = (await anchor.UploadAsync(TestPictures.Any, "a.png")).Text("avatar");
        await Wait.UntilAsync(async () => await AnchorAsync(anchor, room) == ("New <b>", picture), "the list to have the new name and picture");

        // Without the table of accounts the list goes on, round by round: nothing is read for it.
        server.Sql("ALTER TABLE account RENAME TO account_away");
        for (var viewers = 1; viewers <= 3; viewers++)
        {
            await using var viewer = await TestClient.LogInAsync(server, 10000 + viewers);
            await viewer.JoinAsync(room);
            await Wait.UntilAsync(async () => (await CardAsync(anchor, room)).Number("watchNum") == 1, "a round");
            await viewer.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
            await Wait.UntilAsync(async () => (await CardAsync(anchor, room)).Number("watchNum") == 0, "a round");
        }

        Assert.Equal(("New <b>", picture), await AnchorAsync(anchor, room));
        Assert.DoesNotContain("keeper failed", server.Output);
        server.Sql("ALTER TABLE account_away RENAME TO account");
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal(("New <b>", picture), await AnchorAsync(anchor, room));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_before_that_is_no_id_is_400(string before)
    {
        await using var server = await ServerProcess.StartAsync();
        using var nobody = new PageClient(server);
        Assert.Equal(400, (await nobody.PostAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 10), ("before", before))).Code);
        await nobody.OkAsync("/living/list", ("type", 1), ("page", 100_000), ("pageSize", 100), ("before", long.MaxValue));
    }

    [Fact]
    public async Task By_viewers_the_fullest_room_comes_first_of_equals_the_newest_and_each_room_once()
    {
        await using var server = await StartWithRoomsAsync();
        using var nobody = new PageClient(server);
        var newest = (await AllAsync(nobody, type: 1, 100)).ConvertAll(c => c.Number("id"));
        Assert.Equal(newest, (await AllAsync(nobody, 1, 100, ("sort", "new"))).Select(c => c.Number("id")));
        Assert.Equal(newest, (await AllAsync(nobody, 1, 100, ("sort", "viewers"))).Select(c => c.Number("id")));
        // The last of the list, one from its middle, and the first, with viewers in this order.
        long[] full = [newest[^1], newest[150], newest[0]];
        List<TestClient> viewers = [];
        for (var i = 0; i < full.Length; i++)
        {
            for (var viewer = i; viewer < full.Length; viewer++)
            {
                viewers.Add(await TestClient.LogInAsync(server, 10_001 + viewers.Count));
                await viewers[^1].JoinAsync(full[i]);
            }
        }

        await Wait.UntilAsync(async () => (await CardAsync(nobody, full[2])).Number("watchNum") == 1, "the list to tell of viewers");
        foreach (var pageSize in new[] { 100, 7, 1 })
        {
            var cards = await AllAsync(nobody, 1, pageSize, ("sort", "viewers"));
            Assert.Equal([.. full, .. newest.Except(full)], cards.Select(c => c.Number("id")));
            Assert.Equal([3, 2, 1, 0], cards.Take(4).Select(c => c.Number("watchNum")));
        }

        Assert.Equal(newest, (await AllAsync(nobody, type: 1, 100)).Select(c => c.Number("id")));
        foreach (var viewer in viewers)
            await viewer.DisposeAsync();
    }

    [Fact]
    public async Task A_search_finds_what_is_in_the_name_of_the_room_or_of_its_anchor_as_people_see_it()
    {
        await using var server = await StartWithRoomsAsync($"UPDATE living_room SET name = 'Noc \u00C9T\u00C9 ﬁsh 旗鱼 ｶﾅ' WHERE id = {FirstRoom}");
        using var nobody = new PageClient(server);
        var all = await AllAsync(nobody, type: 1, 100);
        foreach (var q in new[] { "room 44", "ROOM 44", "ｒｏｏｍ　４４", " rOOm 4\u200B4 " })
        {
            var expected = all.FindAll(c => c.Text("roomName").StartsWith("room 44", StringComparison.Ordinal)).ConvertAll(c => c.Number("id"));
            Assert.InRange(expected.Count, 4, 11);
            foreach (var pageSize in new[] { 100, 3, 1 })
                Assert.Equal(expected, (await AllAsync(nobody, 1, pageSize, ("q", q))).Select(c => c.Number("id")));
            Assert.Equal(expected, (await AllAsync(nobody, 1, 100, ("q", q), ("sort", "viewers"))).Select(c => c.Number("id")));
            var after = await nobody.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 2), ("q", q), ("before", expected[0]));
            Assert.Equal(expected[1..3], after.List.Select(c => c.Number("id")));
            Assert.True(after.Flag("hasNext"));
        }

        var anchor = all[7].Number("anchorId");
        Assert.Equal(anchor, Assert.Single(await AllAsync(nobody, 1, 10, ("q", $"NICK {anchor}"))).Number("anchorId"));
        foreach (var q in new[] { "\u00E9t\u00E9", "e\u0301te\u0301", "ete", "ÊTE", "FISH", "旗鱼", "カナ", "noc" })
            Assert.Equal(FirstRoom, Assert.Single(await AllAsync(nobody, 1, 10, ("q", q))).Number("id"));
        foreach (var q in new[] { "no such room", "旗魚", "room 44\nNick", "%", "_", "' OR 1=1 --" })
            Assert.Empty(await AllAsync(nobody, 1, 10, ("q", q)));
        foreach (var q in new[] { "", "   ", "\u200B" })
            Assert.Equal(all.Count, (await AllAsync(nobody, 1, 100, ("q", q))).Count);
        Assert.Empty(await AllAsync(nobody, 1, 10, ("q", string.Concat(Enumerable.Repeat("𠮷", 64)))));
    }

    [Fact]
    public async Task An_order_or_a_search_that_there_is_not_is_400()
    {
        await using var server = await ServerProcess.StartAsync();
        using var nobody = new PageClient(server);
        (string, object)[] page = [("type", 1), ("page", 1), ("pageSize", 10)];
        foreach (var bad in new (string, object)[][] { [("sort", "old")], [("sort", "viewers"), ("before", 5)], [("q", new string('q', 65))], [("q", new string('q', 200_000))] })
            Assert.Equal(400, (await nobody.PostAsync("/living/list", [.. page, .. bad])).Code);
        await nobody.OkAsync("/living/list", [.. page, ("sort", ""), ("q", new string('q', 64))]);
    }

    /// <summary>A server with many open rooms, two thirds of them of type 1, every second anchor with a picture.</summary>
    private static async Task<ServerProcess> StartWithRoomsAsync(string? change = null)
    {
        var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        await server.StopAsync();
        server.Sql(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Rooms - 1})
            INSERT INTO account (id, name, password_hash, nick_name, avatar, created_at)
            SELECT {FirstAnchor} + i, 'anchor' || i, 'x', 'Nick ' || ({FirstAnchor} + i), CASE ({FirstAnchor} + i) % 2 WHEN 0 THEN 'a.png' END, 1 FROM n
            """);
        server.Sql(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Rooms - 1})
            INSERT INTO living_room (id, app_id, anchor_id, type, name, started_at)
            SELECT {FirstRoom} + i, {server.AppId}, {FirstAnchor} + i, CASE ({FirstRoom} + i) % 3 WHEN 0 THEN 2 ELSE 1 END, 'room ' || i, 1 FROM n
            """);
        if (change is not null)
            server.Sql(change);
        await server.StartAgainAsync();
        return server;
    }

    private static async Task<List<JsonObject>> AllAsync(PageClient client, int type, int pageSize, params (string, object)[] more)
    {
        List<JsonObject> all = [];
        for (var page = 1; ; page++)
        {
            var reply = await client.OkAsync("/living/list", [("type", type), ("page", page), ("pageSize", pageSize), .. more]);
            all.AddRange(reply.List);
            if (!reply.Flag("hasNext"))
                return all;
            Assert.Equal(pageSize, reply.List.Count);
        }
    }

    private static async Task<JsonObject> CardAsync(PageClient client, long room) =>
        (await client.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List.Single(c => c.Number("id") == room);

    private static async Task<(string Name, string Picture)> AnchorAsync(PageClient client, long room)
    {
        var card = await CardAsync(client, room);
        return (card.Text("anchorNickName"), card.Text("anchorImg"));
    }
}
