using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>A store that refuses: no room is lost by it, no count, and nobody else's room waits.</summary>
public sealed class LivingFaultTests
{
    [Fact]
    public async Task A_close_that_is_not_stored_is_500_and_the_room_goes_on_with_its_members()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var there = await anchor.ConnectAsync(room);
        await using var watching = await viewer.ConnectAsync(room);
        await viewer.OkAsync("/living/like", ("roomId", room), ("count", 3));
        RefuseCloses(server);
        for (var i = 0; i < 2; i++)
        {
            var reply = await anchor.PostAsync("/living/closeLiving", ("roomId", room));
            Assert.Equal(500, reply.Code);
            Assert.DoesNotContain("fault", reply.Msg);
        }

        Assert.Equal(room, await anchor.StartAsync());
        Assert.Equal((room, 2L), (await ConfigAsync(viewer, room, "roomId"), await ConfigAsync(viewer, room, "viewers")));
        Assert.Equal(6, (await viewer.OkAsync("/living/like", ("roomId", room), ("count", 3))).Number("likes"));
        await watching.ChatInRoomAsync(room, "still here");
        Assert.Equal("still here", (await NextChatAsync(there)).Content());
        using var third = await PageClient.SignUpAsync(server);
        await using var late = await third.ConnectAsync(room);
        await Wait.UntilAsync(async () => (await ListedAsync(viewer)).Contains(room), "the room to be listed");

        Accept(server);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        var record = Assert.Single((await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
        Assert.Equal((room, 3L, 6L), (record.Number("id"), record.Number("peakViewers"), record.Number("goodNum")));
        Assert.Equal(5570, (await ClosedAsync(late)).Number("bizCode"));
        Assert.Equal([5555, 5570], (await server.WholeHistoryAsync($"r:{room}")).Select(m => m.Number("bizCode")));
        Assert.Equal(501, (await anchor.PostAsync("/living/closeLiving", ("roomId", room))).Code);
    }

    [Fact]
    public async Task A_start_that_is_not_stored_is_500_and_the_next_one_opens_a_room()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        server.Sql("CREATE TRIGGER fault BEFORE INSERT ON living_room BEGIN SELECT RAISE(ABORT, 'fault'); END");
        Assert.Equal(500, (await anchor.PostAsync("/living/startingLiving", ("type", 1))).Code);
        Assert.Empty(await ListedAsync(anchor));
        Accept(server);
        var room = await anchor.StartAsync();
        Assert.Equal([room], await ListedAsync(anchor));
        await using (await anchor.ConnectAsync(room))
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
    }

    [Fact]
    public async Task A_room_that_cannot_close_keeps_no_other_open_and_closes_when_it_can()
    {
        await using var server = await ServerProcess.StartAsync("Living:AnchorAwaySeconds=1", "Accounts:AttemptsPerMinute=0");
        RefuseCloses(server, 1_000_001);
        var (held, stuck) = await PageClient.GoLiveAsync(server);
        Assert.Equal(1_000_001, stuck);
        for (var i = 0; i < 4; i++)
        {
            var (anchor, room) = await PageClient.GoLiveAsync(server);
            await Wait.UntilAsync(async () => await ConfigAsync(anchor, room, "roomId") == -1, "another room to close");
        }

        await Wait.UntilAsync(() => server.Output.Contains("could not be closed"), "the failure to be logged");
        // The list goes on meanwhile: another room comes and goes.
        var (other, brief) = await PageClient.GoLiveAsync(server);
        await Wait.UntilAsync(async () => await ConfigAsync(other, brief, "roomId") == -1, "a new room to close");
        Assert.Equal(stuck, await ConfigAsync(held, stuck, "roomId"));
        await Wait.UntilAsync(async () => await ListedAsync(held) is [var only] && only == stuck, "the list to have the stuck room alone");
        Accept(server);
        await Wait.UntilAsync(async () => await ConfigAsync(held, stuck, "roomId") == -1, "the stuck room to close");
        Assert.Single((await held.OkAsync("/living/records", ("page", 1), ("pageSize", 10))).List);
    }

    [Fact]
    public async Task Likes_that_are_not_stored_are_stored_later_and_told_meanwhile()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var there = await anchor.ConnectAsync(room);
        server.Sql("CREATE TRIGGER fault BEFORE UPDATE ON living_room BEGIN SELECT RAISE(ABORT, 'fault'); END");
        await anchor.OkAsync("/living/like", ("roomId", room), ("count", 7));
        await Wait.UntilAsync(() => server.Output.Contains("keeper failed"), "a save to fail");
        Assert.Equal(7, (await there.ReceiveAsync(Code.Message)).Data.Number("likes"));
        Assert.Equal(0, StoredLikes(server));
        Accept(server);
        await Wait.UntilAsync(() => StoredLikes(server) == 7, "the likes to be stored");
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(7, await ConfigAsync(anchor, room, "likes"));
    }

    [Fact]
    public async Task Likes_at_the_moment_of_the_end_are_in_the_record_or_refused()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Accounts:CallsPerSecond=0");
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var watching = await viewer.ConnectAsync();
        for (var round = 0; round < 10; round++)
        {
            var room = await anchor.StartAsync();
            await watching.SendAsync(Code.Join, new JsonObject { ["roomId"] = room });
            await watching.ReceiveAsync(Code.Join);
            var likes = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LikeUntilRefusedAsync(viewer, room)));
            await Wait.UntilAsync(async () => await ConfigAsync(viewer, room, "likes") > 5, "likes to come");
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            var counted = await likes;
            Assert.Equal(counted.Sum(), (await anchor.OkAsync("/living/records", ("page", 1), ("pageSize", 1))).List[0].Number("goodNum"));
        }
    }

    private static async Task<int> LikeUntilRefusedAsync(PageClient viewer, long room)
    {
        for (var counted = 0; ; counted++)
        {
            if ((await viewer.PostAsync("/living/like", ("roomId", room))).Code != 200)
                return counted;
        }
    }

    private static void RefuseCloses(ServerProcess server, long? room = null) => server.Sql(
        $"CREATE TRIGGER fault BEFORE INSERT ON living_room_record {(room is null ? "" : $"WHEN NEW.id = {room}")} BEGIN SELECT RAISE(ABORT, 'fault'); END");

    private static void Accept(ServerProcess server) => server.Sql("DROP TRIGGER fault");

    private static long StoredLikes(ServerProcess server) =>
        server.Sql("SELECT likes FROM living_room", c => Convert.ToInt64(c.ExecuteScalar()));

    private static async Task<long> ConfigAsync(PageClient client, long room, string member) =>
        (await client.OkAsync("/living/anchorConfig", ("roomId", room))).Number(member);

    private static async Task<List<long>> ListedAsync(PageClient client) =>
        [.. (await client.OkAsync("/living/list", ("type", 1), ("page", 1), ("pageSize", 100))).List.Select(c => c.Number("id"))];

    private static async Task<ReceivedFrame> NextChatAsync(TestClient client)
    {
        ReceivedFrame message;
        do
            message = await client.ReceiveAsync(Code.Message);
        while (message.Number("bizCode") != 5555);
        return message;
    }

    private static async Task<ReceivedFrame> ClosedAsync(TestClient client)
    {
        ReceivedFrame message;
        do
            message = await client.ReceiveAsync(Code.Message);
        while (message.Number("bizCode") == 5571);
        return message;
    }
}
