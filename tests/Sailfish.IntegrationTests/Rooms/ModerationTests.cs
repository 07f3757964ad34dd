using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Rooms;

/// <summary>Who is in a room, and who may not.</summary>
public sealed class ModerationTests
{
    private const long Room = 7;

    [Fact]
    public async Task A_muted_member_reads_and_does_not_write_until_unmuted_also_after_a_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.PostAsync("api/v1/rooms/7/mute", new JsonObject { ["userId"] = 10001, ["seconds"] = 600 });
        for (var start = 0; start < 2; start++)
        {
            await using var ann = await TestClient.LogInAsync(server, 10001);
            await using var bob = await TestClient.LogInAsync(server, 10002);
            foreach (var client in new[] { ann, bob })
            {
                await client.JoinAsync(Room);
                await client.JoinAsync(Room + 1);
            }

            var refusal = await ann.RefusedAsync("muted", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["roomId"] = Room }, "key"));
            Assert.InRange(refusal.Number("retryAfterMs"), 500_000, 600_000);
            Assert.Equal(("key", Room), (refusal.Text("clientMsgId"), refusal.Number("roomId")));
            await bob.ChatInRoomAsync(Room, "to all");
            Assert.Equal("to all", (await ann.ReceiveAsync(Code.Message)).Content());
            await ann.ChatInRoomAsync(Room + 1, "elsewhere");
            Assert.Equal("elsewhere", (await bob.ReceiveAsync(Code.Message)).Content());
            await ann.ChatAndReceiptAsync(10002, "in private");
            if (start == 0)
            {
                await server.StopAsync();
                await server.StartAgainAsync();
            }
        }

        await server.PostAsync("api/v1/rooms/7/unmute", new JsonObject { ["userId"] = 10001 });
        await server.StopAsync();
        await server.StartAgainAsync();
        await using var free = await TestClient.LogInAsync(server, 10001);
        await free.JoinAsync(Room);
        await free.ChatInRoomAsync(Room, "again", "again");
        await free.ReceiptAsync("again");
        await server.PostAsync("api/v1/rooms/7/mute", new JsonObject { ["userId"] = 10001, ["seconds"] = 1 });
        var shortly = await free.RefusedAsync("muted", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["roomId"] = Room }, "key"));
        await shortly.RetryAfterAsync();
        await free.ChatInRoomAsync(Room, "over", "over");
        await free.ReceiptAsync("over");
    }

    [Fact]
    public async Task A_kicked_member_is_told_gets_nothing_more_and_is_banned_for_a_time_also_after_a_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var annToo = await TestClient.LogInAsync(server, 10001, Transport.WebSocketLegacy, legacyRoom: Room);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        await ann.JoinAsync(Room);
        await bob.JoinAsync(Room);
        var kicked = await server.PostAsync("api/v1/rooms/7/kick", new JsonObject { ["userId"] = 10001, ["seconds"] = 600 });
        Assert.Equal(2, kicked!["removed"]!.GetValue<int>());
        foreach (var client in new[] { ann, annToo })
        {
            var leave = await client.ReceiveAsync();
            Assert.Equal((Code.Leave, Room, "removed"), (leave.Code, leave.Number("roomId"), leave.Text("reason")));
        }

        await bob.ChatInRoomAsync(Room, "without ann", "key");
        await bob.ReceiptAsync("key");
        Assert.Empty(await ann.FlushAsync());
        Assert.Empty(await annToo.FlushAsync());
        await ann.RefusedAsync("not_joined", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "c", ["roomId"] = Room }));
        Assert.InRange((await ann.RefusedAsync("banned", Code.Join, new JsonObject { ["roomId"] = Room })).Number("retryAfterMs"), 500_000, 600_000);
        Assert.Equal([10002], await MembersAsync(server));

        await server.KillAsync();
        await server.StartAgainAsync();
        await using var again = await TestClient.LogInAsync(server, 10001);
        await again.RefusedAsync("banned", Code.Join, new JsonObject { ["roomId"] = Room });
        await again.JoinAsync(Room + 1);
        await using var legacy = await TestClient.LogInAsync(server, 10001, Transport.WebSocketLegacy, legacyRoom: Room);
        Assert.Equal("banned", (await legacy.ReceiveAsync(Code.Error)).Text("error"));
    }

    [Fact]
    public async Task Who_leaves_or_is_cut_off_is_a_member_no_more()
    {
        await using var server = await ServerProcess.StartAsync();
        List<TestClient> clients = [];
        for (long user = 10001; user <= 10005; user++)
        {
            clients.Add(await TestClient.LogInAsync(server, user));
            await clients[^1].JoinAsync(Room);
        }

        await using var annToo = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson);
        await annToo.JoinAsync(Room);
        Assert.Equal([10001, 10002, 10003, 10004, 10005], await MembersAsync(server));
        Assert.Equal([10001, 10002, 10003, 10004, 10005], await MembersAsync(server, limit: 2));
        var room = await server.GetAsync("api/v1/rooms/7");
        Assert.Equal((5, 5), (room["viewers"]!.GetValue<int>(), room["peak"]!.GetValue<int>()));

        await clients[1].SendAsync(Code.Leave, new JsonObject { ["roomId"] = Room });
        Assert.Equal(Room, (await clients[1].ReceiveAsync(Code.Leave)).Number("roomId"));
        await clients[2].DisposeAsync();
        clients[3].Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        clients[3].Socket.Close();
        // One of two connections: the user stays.
        await annToo.DisposeAsync();
        await Wait.UntilAsync(async () => (await MembersAsync(server)).SequenceEqual([10001, 10005]), "the members to go");
        await clients[0].ChatInRoomAsync(Room, "who is there", "key");
        await clients[0].ReceiptAsync("key");
        Assert.Equal("who is there", (await clients[4].ReceiveAsync(Code.Message)).Content());
        Assert.Empty(await clients[1].FlushAsync());
        room = await server.GetAsync("api/v1/rooms/7");
        Assert.Equal((2, 5), (room["viewers"]!.GetValue<int>(), room["peak"]!.GetValue<int>()));

        // Left twice, or never joined: answered all the same.
        await clients[1].SendAsync(Code.Leave, new JsonObject { ["roomId"] = Room });
        await clients[1].ReceiveAsync(Code.Leave);
        await clients[1].RefusedAsync("bad_room", Code.Leave, new JsonObject { ["roomId"] = 0 });
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static async Task<List<long>> MembersAsync(ServerProcess server, int limit = 100)
    {
        List<long> members = [];
        long? cursor = 0;
        while (cursor is not null)
        {
            var page = await server.GetAsync($"api/v1/rooms/7/members?cursor={cursor}&limit={limit}");
            var users = page["members"]!.AsArray().Select(u => u!.GetValue<long>()).ToList();
            Assert.InRange(users.Count, 0, limit);
            members.AddRange(users);
            cursor = page["cursor"]?.GetValue<long>();
        }

        return members;
    }
}
