using System.Diagnostics;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Starting, closing, listing, records.</summary>
public sealed class LivingTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Who_is_no_VIP_does_not_start_a_room_and_the_tag_counts_at_once()
    {
        using var client = await PageClient.SignUpAsync(Server);
        Assert.False((await client.OkAsync("/home/initPage")).Flag("showStartLivingBtn"));
        Assert.Equal(403, (await client.PostAsync("/living/startingLiving", ("type", 1))).Code);
        await Server.Http.PostJsonAsync($"/api/v1/users/{client.UserId}/tags", """{"tag":"rich"}""");
        Assert.Equal(403, (await client.PostAsync("/living/startingLiving", ("type", 1))).Code);
        await Server.Http.PostJsonAsync($"/api/v1/users/{client.UserId}/tags", """{"tag":"vip"}""");
        Assert.True((await client.OkAsync("/home/initPage")).Flag("showStartLivingBtn"));
        await client.StartAsync();
        await Server.Http.CallAsync(HttpMethod.Delete, $"/api/v1/users/{client.UserId}/tags/vip");
        Assert.Equal(403, (await client.PostAsync("/living/startingLiving", ("type", 1))).Code);
    }

    [Fact]
    public async Task Starting_twice_gives_the_same_room_also_both_at_once_and_of_the_other_type()
    {
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        var rooms = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => anchor.StartAsync((i % 2) + 1)));
        Assert.Single(rooms.Distinct());
        Assert.Equal(rooms[0], await anchor.StartAsync());
        await anchor.OkAsync("/living/closeLiving", ("roomId", rooms[0]));
        var next = await anchor.StartAsync();
        Assert.True(next > rooms[0]);
    }

    [Fact]
    public async Task Many_anchors_who_start_at_once_have_a_room_each()
    {
        var anchors = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PageClient.SignUpAsync(Server, vip: true)));
        var rooms = await Task.WhenAll(anchors.SelectMany(a => new[] { a.StartAsync(), a.StartAsync() }));
        Assert.Equal(8, rooms.Distinct().Count());
        var listed = (await anchors[0].OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List;
        foreach (var (anchor, i) in anchors.Select((a, i) => (a, i)))
        {
            Assert.Equal(rooms[2 * i], rooms[(2 * i) + 1]);
            Assert.Equal(rooms[2 * i], Assert.Single(listed, c => c.Number("anchorId") == anchor.UserId).Number("id"));
        }

        var codes = await Task.WhenAll(anchors.Select(async (a, i) => (await a.PostAsync("/living/closeLiving", ("roomId", rooms[2 * i]))).Code));
        Assert.All(codes, code => Assert.Equal(200, code));
    }

    [Fact]
    public async Task A_room_that_was_closed_is_501_for_each_call_and_its_anchor_starts_another()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        foreach (var client in new[] { anchor, viewer })
        {
            foreach (var path in new[] { "/living/closeLiving", "/living/mute", "/living/unmute", "/living/remove", "/living/like" })
                Assert.Equal(501, (await client.PostAsync(path, ("roomId", room), ("userId", viewer.UserId))).Code);
        }

        var next = await anchor.StartAsync(type: 2);
        Assert.True(next > room);
        Assert.Equal(2, (await viewer.OkAsync("/living/anchorConfig", ("roomId", next))).Number("type"));
        Assert.Equal(501, (await anchor.PostAsync("/living/closeLiving", ("roomId", room))).Code);
        Assert.Equal(next, await anchor.StartAsync());
    }

    [Fact]
    public async Task Closing_twice_and_both_at_once_is_done_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var (anchor, room) = await PageClient.GoLiveAsync(Server);
            var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await anchor.PostAsync("/living/closeLiving", ("roomId", room))).Code));
            Assert.Equal([200, 501, 501, 501], codes.Order());
            Assert.Equal(501, (await anchor.PostAsync("/living/closeLiving", ("roomId", room))).Code);
            Assert.Single((await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        }
    }

    [Fact]
    public async Task Starting_while_closing_leaves_one_open_room_that_the_store_knows()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        for (var round = 0; round < 20; round++)
        {
            var close = anchor.PostAsync("/living/closeLiving", ("roomId", room));
            var start = anchor.StartAsync();
            Assert.Equal(200, (await close).Code);
            await start;
            room = await anchor.StartAsync();
            var open = (await anchor.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List
                .Where(c => c["anchorId"]!.GetValue<long>() == anchor.UserId).Select(c => c["id"]!.GetValue<long>());
            Assert.Equal([room], open);
            Assert.Equal(room, Server.Sql($"SELECT id FROM living_room WHERE anchor_id = {anchor.UserId}", c => Convert.ToInt64(c.ExecuteScalar())));
        }
    }

    [Fact]
    public async Task A_room_of_somebody_else_is_501_to_close_and_to_moderate_and_stays_open()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var (other, _) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        foreach (var client in new[] { other, viewer })
        {
            Assert.Equal(501, (await client.PostAsync("/living/closeLiving", ("roomId", room))).Code);
            foreach (var path in new[] { "/living/mute", "/living/unmute", "/living/remove" })
                Assert.Equal(501, (await client.PostAsync(path, ("roomId", room), ("userId", anchor.UserId))).Code);
            var config = await client.OkAsync("/living/anchorConfig", ("roomId", room));
            Assert.Equal((false, room, anchor.UserId), (config.Flag("anchor"), config.Number("roomId"), config.Number("anchorId")));
        }

        foreach (var path in new[] { "/living/mute", "/living/remove" })
            Assert.Equal(501, (await anchor.PostAsync(path, ("roomId", room), ("userId", anchor.UserId))).Code);
        foreach (var path in new[] { "/living/closeLiving", "/living/mute", "/living/unmute", "/living/remove", "/living/like" })
            Assert.Equal(501, (await anchor.PostAsync(path, ("roomId", 77), ("userId", viewer.UserId))).Code);
    }

    [Fact]
    public async Task The_configuration_of_a_room_that_is_gone_has_every_member_and_minus_one()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var open = (await anchor.OkAsync("/living/anchorConfig", ("roomId", room))).Data.Select(m => m.Key).ToList();
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        var gone = await anchor.OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.Equal((-1L, false, anchor.UserId), (gone.Number("roomId"), gone.Flag("anchor"), gone.Number("userId")));
        Assert.Equal(open, gone.Data.Select(m => m.Key));
        Assert.Equal(-1, (await anchor.OkAsync("/living/anchorConfig", ("roomId", 77))).Number("roomId"));
    }

    [Fact]
    public async Task The_list_is_newest_first_in_pages_by_type_and_has_a_room_at_once()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        List<long> rooms = [];
        var (watcher, _) = await PageClient.GoLiveAsync(server, type: 2);
        Assert.Empty((await watcher.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 1))).List);
        for (var i = 0; i < 5; i++)
        {
            rooms.Insert(0, (await PageClient.GoLiveAsync(server)).Room);
            Assert.Equal(rooms, await PageAsync(watcher, 1, 100));
        }

        Assert.Equal(rooms[..2], await PageAsync(watcher, 1, 2, hasNext: true));
        Assert.Equal(rooms[2..4], await PageAsync(watcher, 2, 2, hasNext: true));
        Assert.Equal(rooms[4..], await PageAsync(watcher, 3, 2));
        Assert.Empty(await PageAsync(watcher, 4, 2));
        Assert.Empty(await PageAsync(watcher, 100_000, 100));
        Assert.Equal(rooms, await PageAsync(watcher, 1, 5));

        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal(rooms, await PageAsync(watcher, 1, 100));

        static async Task<List<long>> PageAsync(PageClient client, int page, int pageSize, bool hasNext = false)
        {
            var reply = await client.OkAsync("/living/list", ("type", 1), ("page", page), ("pageSize", pageSize));
            Assert.Equal(hasNext, reply.Flag("hasNext"));
            return [.. reply.List.Select(c => c["id"]!.GetValue<long>())];
        }
    }

    [Fact]
    public async Task Records_are_the_callers_own_newest_first_in_pages_with_times_and_peak()
    {
        using var anchor = await PageClient.SignUpAsync(Server, vip: true);
        using var other = await PageClient.SignUpAsync(Server);
        List<long> rooms = [];
        for (var i = 0; i < 3; i++)
        {
            var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            rooms.Insert(0, await anchor.StartAsync());
            await using (await other.ConnectAsync(rooms[0]))
            await using (await anchor.ConnectAsync(rooms[0]))
                await anchor.OkAsync("/living/closeLiving", ("roomId", rooms[0]));
            var record = (await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 1))).List.Single();
            Assert.Equal((rooms[0], 2L, 0L), (record.Number("id"), record.Number("peakViewers"), record.Number("goodNum")));
            Assert.InRange(record.Number("startTime"), before, record.Number("endTime"));
            Assert.InRange(record.Number("endTime"), record.Number("startTime"), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        var first = await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 2));
        Assert.True(first.Flag("hasNext"));
        Assert.Equal(rooms[..2], first.List.Select(r => r.Number("id")));
        var last = await anchor.OkAsync("/living/records", ("page", 2), ("pageSize", 2));
        Assert.False(last.Flag("hasNext"));
        Assert.Equal(rooms[2..], last.List.Select(r => r.Number("id")));
        Assert.Empty((await anchor.OkAsync("/living/records", ("page", 100_000), ("pageSize", 100))).List);
        Assert.Empty((await other.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
    }

    [Fact]
    public async Task Viewers_and_the_peak_are_distinct_users_in_the_room()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        await using (await viewer.ConnectAsync(room))
        await using (await viewer.ConnectAsync(room))
        {
            Assert.Equal(2, (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("viewers"));
            await Wait.UntilAsync(async () => await CardAsync(viewer, room, "watchNum") == 2, "the list to tell of two");
        }

        await Wait.UntilAsync(async () => await CardAsync(viewer, room, "watchNum") == 1, "the list to tell of one");
        Assert.Equal(1, (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("viewers"));
        Assert.Equal(2, (await Server.Http.GetJsonAsync($"/api/v1/rooms/{room}")).Number("peak"));
    }

    [Fact]
    public async Task Likes_are_summed_and_told_at_most_once_a_second_without_a_seq()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await using var there = await anchor.ConnectAsync(room);
        Assert.Equal(501, (await viewer.PostAsync("/living/like", ("roomId", room))).Code);
        await using var watching = await viewer.ConnectAsync(room);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
            await viewer.OkAsync("/living/like", ("roomId", room), ("count", 2));
        await anchor.OkAsync("/living/like", ("roomId", room));
        // No more than the most of one request.
        Assert.Equal(91, (await viewer.OkAsync("/living/like", ("roomId", room), ("count", long.MaxValue))).Number("likes"));
        var told = 0;
        for (var likes = 0L; likes < 91; told++)
        {
            var message = await there.ReceiveAsync(Code.Message);
            Assert.Equal(5571, message.Number("bizCode"));
            Assert.False(message.Body.ContainsKey("seq"));
            Assert.False(message.Body.ContainsKey("conversation"));
            Assert.Equal((room, "likes"), (message.Data.Number("roomId"), message.Data.Text("event")));
            Assert.True(message.Data.Number("likes") > likes);
            likes = message.Data.Number("likes");
        }

        Assert.InRange(told, 1, (int)Stopwatch.GetElapsedTime(started).TotalSeconds + 2);
        await Wait.UntilAsync(async () => await CardAsync(viewer, room, "goodNum") == 91, "the list to tell of the likes");
        Assert.Equal(91, (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Number("likes"));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(91, (await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 1))).List.Single().Number("goodNum"));
        Assert.Equal(501, (await viewer.PostAsync("/living/like", ("roomId", room))).Code);
    }

    private static async Task<long> CardAsync(PageClient client, long room, string member) =>
        (await client.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List.Single(c => c.Number("id") == room).Number(member);
}
