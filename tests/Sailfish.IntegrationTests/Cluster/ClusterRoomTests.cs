using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>A room whose members sit on three nodes.</summary>
public sealed class ClusterRoomTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    private readonly long _room = TestIds.NewRoom();

    [Fact]
    public async Task All_see_one_order_without_gap_whoever_speaks_where()
    {
        const int Each = 60;
        var senders = await JoinAsync(3);
        var listeners = await JoinAsync(6);
        var hearing = listeners.Select(listener => HearAsync(listener, 3 * Each)).ToList();
        await Task.WhenAll(senders.Select(async sender =>
        {
            for (var i = 0; i < Each; i++)
            {
                await sender.ChatInRoomAsync(_room, $"{sender.UserId} {i}", $"{i}");
                await sender.ReceiptAsync($"{i}");
            }
        }));
        var log = await Two.WholeHistoryAsync($"r:{_room}");
        Assert.Equal(3 * Each, log.Count);
        foreach (var heard in await Task.WhenAll(hearing))
            Assert.Equal(log.Select(m => m.Text("msgId")), heard.Select(m => m.Text("msgId")));
        await EndAsync([.. senders, .. listeners]);
    }

    [Fact]
    public async Task A_newcomer_on_another_node_has_the_history_and_then_what_follows()
    {
        await using var ann = await TestClient.LogInAsync(One, TestIds.NewUser());
        await ann.JoinAsync(_room);
        for (var i = 1; i <= 5; i++)
        {
            await ann.ChatInRoomAsync(_room, $"{i}", $"{i}");
            await ann.ReceiptAsync($"{i}");
        }

        foreach (var node in new[] { Two, Three })
        {
            await using var client = await TestClient.LogInAsync(node, TestIds.NewUser());
            var joined = await client.JoinAsync(_room, history: 3);
            var newest = joined.Number("seq");
            Assert.Equal($"r:{_room}", joined.Text("conversation"));
            for (var seq = newest - 2; seq <= newest; seq++)
                Assert.Equal(seq, (await client.ReceiveAsync()).Number("seq"));
            await ann.ChatInRoomAsync(_room, "next", $"{node.TcpPort}");
            Assert.Equal(newest + 1, (await HearsAsync(client, "next")).Number("seq"));
            var all = (await client.SyncAsync(new JsonObject { [$"r:{_room}"] = 0 })).Messages();
            Assert.Equal(Enumerable.Range(1, (int)newest + 1).Select(s => (long)s), all.Select(m => m.Number("seq")));
        }
    }

    [Fact]
    public async Task Viewers_are_the_sum_of_all_nodes()
    {
        var clients = await JoinAsync(5);
        // A second connection of one on the same node is no viewer more.
        await using var again = await TestClient.LogInAsync(One, clients[0].UserId);
        await again.JoinAsync(_room);
        await Cluster.EverywhereAsync(async node => (await node.GetAsync($"api/v1/rooms/{_room}"))["viewers"]!.GetValue<int>() == 5, "five viewers");
        foreach (var client in clients)
            await Wait.UntilAsync(async () => await HeartbeatAsync(client) == 5, "a heartbeat that tells of five viewers");
        await using var late = await TestClient.LogInAsync(Three, TestIds.NewUser());
        await late.SendAsync(Code.Join, Room(_room));
        Assert.Equal(6, (await late.ReceiveAsync(Code.Join)).Number("viewers"));
        // For as long as the nodes take to tell each other; a shorter peak may be nobody's.
        await Cluster.EverywhereAsync(async node => (await node.GetAsync($"api/v1/rooms/{_room}"))["viewers"]!.GetValue<int>() == 6, "six viewers");
        await EndAsync(clients[..2]);
        await Cluster.EverywhereAsync(
            async node =>
            {
                var room = await node.GetAsync($"api/v1/rooms/{_room}");
                return (room["viewers"]!.GetValue<int>(), room["peak"]!.GetValue<int>() >= 6) == (5, true);
            },
            "five viewers, and a peak of six");
        await EndAsync(clients[2..]);
    }

    [Fact]
    public async Task Members_of_all_nodes_are_listed_once_in_pages()
    {
        var clients = await JoinAsync(7);
        // One who is there through two nodes.
        await using var again = await TestClient.LogInAsync(Two, clients[0].UserId);
        await again.JoinAsync(_room);
        foreach (var node in Cluster.Nodes)
        {
            foreach (var limit in new[] { 2, 100 })
                Assert.Equal(clients.Select(c => c.UserId), await MembersAsync(node, limit));
        }

        await EndAsync(clients[5..]);
        await Cluster.EverywhereAsync(async node => (await MembersAsync(node, 100)).Count == 5, "five members");
        await EndAsync(clients[..5]);
    }

    [Fact]
    public async Task What_the_server_API_says_to_a_room_reaches_its_members_on_all_nodes_in_order()
    {
        var clients = await JoinAsync(3);
        for (var i = 1; i <= 9; i++)
            await Cluster[i].Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{"content":"{{i}}"},"to":{"room":{{_room}}} }""");
        foreach (var client in clients)
        {
            for (var i = 1; i <= 9; i++)
                Assert.Equal(i, (await HearsAsync(client, $"{i}")).Number("seq"));
        }

        await EndAsync(clients);
    }

    [Fact]
    public async Task A_mute_on_one_node_holds_on_another_and_so_does_its_end()
    {
        var clients = await JoinAsync(2);
        var (muted, other) = (clients[0], clients[1]);
        await Three.Http.PostJsonAsync($"/api/v1/rooms/{_room}/mute", $$"""{"userId":{{muted.UserId}},"seconds":600}""");
        await SaysUntilAsync(muted, Code.Error);
        var refused = await muted.RefusedAsync("muted", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "no", ["roomId"] = _room }, "no"));
        Assert.InRange(refused.Number("retryAfterMs"), 500_000, 600_000);
        await other.ChatInRoomAsync(_room, "heard");
        while ((await muted.ReceiveAsync(Code.Message)).Content() != "heard")
        {
            // What was said before it.
        }

        await Two.Http.PostJsonAsync($"/api/v1/rooms/{_room}/unmute", $$"""{"userId":{{muted.UserId}}}""");
        await SaysUntilAsync(muted, Code.Receipt);
        await EndAsync(clients);
    }

    [Fact]
    public async Task A_member_who_is_removed_through_another_node_goes_from_all_and_is_kept_out_everywhere()
    {
        var clients = await JoinAsync(3);
        var user = clients[0].UserId;
        await using var again = await TestClient.LogInAsync(Two, user);
        await again.JoinAsync(_room);
        var answer = await Three.Http.PostJsonAsync($"/api/v1/rooms/{_room}/kick", $$"""{"userId":{{user}},"seconds":600}""");
        Assert.Equal(2, answer.Number("removed"));
        foreach (var client in new[] { clients[0], again })
        {
            var leave = await client.ReceiveAsync(Code.Leave);
            Assert.Equal((_room, "removed"), (leave.Number("roomId"), leave.Text("reason")));
            Assert.InRange(leave.Number("retryAfterMs"), 1, 600_000);
        }

        await Cluster.EverywhereAsync(
            async node =>
            {
                await using var client = await TestClient.LogInAsync(node, user);
                await client.SendAsync(Code.Join, Room(_room));
                return (await client.ReceiveAsync()).Text("error") == "banned";
            },
            "the ban",
            Soon);
        foreach (var client in clients[1..])
            Assert.Empty(await client.FlushAsync());
        await Cluster.EverywhereAsync(async node => (await MembersAsync(node, 10)).SequenceEqual(clients[1..].Select(c => c.UserId)), "the members that are left");
        await EndAsync(clients);
    }

    [Fact]
    public async Task A_room_goes_on_when_the_last_member_of_a_node_has_left() => await LeaveAsync(afterwards: () => Task.CompletedTask);

    [Fact(Skip = LongTests.LeftOut, SkipUnless = nameof(LongTests.AreOn), SkipType = typeof(LongTests))]
    public async Task A_room_goes_on_when_a_node_is_no_more_in_it() => await LeaveAsync(() => Wait.UntilAsync(
        async () => await Cluster.CountAsync($"SELECT count(*) FROM room_node WHERE room_id = {_room}") == 2, TimeSpan.FromSeconds(60), "the node to be out of the room"));

    private async Task LeaveAsync(Func<Task> afterwards)
    {
        var clients = await JoinAsync(3);
        await clients[1].SendAsync(Code.Leave, Room(_room));
        await clients[1].ReceiveAsync(Code.Leave);
        await afterwards();
        foreach (var (from, to) in new[] { (clients[0], clients[2]), (clients[2], clients[0]) })
        {
            await from.ChatInRoomAsync(_room, "on it goes");
            await HearsAsync(to, "on it goes");
        }

        Assert.Empty(await clients[1].FlushAsync());
        Assert.Equal(2, (await clients[1].JoinAsync(_room, history: 2)).Number("seq"));
        foreach (var seq in new[] { 1, 2 })
            Assert.Equal(seq, (await HearsAsync(clients[1], "on it goes")).Number("seq"));
        await EndAsync(clients);
    }

    /// <summary>Members, one after the other on each node in turn, their ids ascending.</summary>
    private async Task<List<TestClient>> JoinAsync(int count)
    {
        List<TestClient> clients = [];
        for (var i = 0; i < count; i++)
        {
            clients.Add(await TestClient.LogInAsync(Cluster[i], TestIds.NewUser()));
            Assert.Equal(_room, (await clients[i].JoinAsync(_room)).Number("roomId"));
        }

        return clients;
    }

    private static async Task EndAsync(IEnumerable<TestClient> clients)
    {
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static async Task<List<ReceivedFrame>> HearAsync(TestClient client, int count)
    {
        List<ReceivedFrame> heard = [];
        while (heard.Count < count)
            heard.Add(await client.ReceiveAsync(Code.Message));
        return heard;
    }

    private async Task<long> HeartbeatAsync(TestClient client)
    {
        await client.SendAsync(Code.Heartbeat, new JsonObject());
        return (await client.ReceiveAsync(Code.Heartbeat)).Body["rooms"]![$"{_room}"]!.GetValue<long>();
    }

    private async Task<List<long>> MembersAsync(ServerProcess node, int limit)
    {
        List<long> members = [];
        long? cursor = 0;
        while (cursor is not null)
        {
            var page = await node.GetAsync($"api/v1/rooms/{_room}/members?cursor={cursor}&limit={limit}");
            members.AddRange(page["members"]!.AsArray().Select(u => u!.GetValue<long>()));
            cursor = page["cursor"]?.GetValue<long>();
        }

        return members;
    }

    private Task SaysUntilAsync(TestClient client, int code)
    {
        var n = 0;
        return Wait.UntilAsync(
            async () =>
            {
                var key = $"{code} {n++}";
                await client.ChatInRoomAsync(_room, key, key);
                while (true)
                {
                    var frame = await client.ReceiveAsync();
                    if (frame.Text("clientMsgId") == key && frame.Code is Code.Error or Code.Receipt)
                        return frame.Code == code;
                }
            },
            Soon,
            $"the answer {code}");
    }
}
