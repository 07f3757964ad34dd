using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Who used an id before it was given out has no part in a living room, and keeps the room.</summary>
public sealed class LivingIdTests
{
    private const long First = 1_000_001;

    [Fact]
    public async Task An_id_with_a_member_or_a_message_is_passed_over_and_stays_as_it_is()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        await using var squatter = await TestClient.LogInAsync(server, 10001);
        await squatter.JoinAsync(First);
        await squatter.JoinAsync(First + 1);
        await squatter.ChatInRoomAsync(First + 1, "left behind", "c1");
        await squatter.ReceiveAsync(Code.Receipt);
        await squatter.SendAsync(Code.Leave, new JsonObject { ["roomId"] = First + 1 });
        await squatter.ReceiveAsync(Code.Leave);

        var (anchor, room) = await PageClient.GoLiveAsync(server);
        Assert.True(room > First + 1);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var watching = await viewer.ConnectAsync();
        Assert.Equal((0L, 1L), await SeqAndViewersAsync(watching, room));
        await CheckSkippedAsync();

        // Also after a restart: what was passed over is no closed living room.
        await server.StopAsync();
        await server.StartAgainAsync();
        await using var again = await TestClient.LogInAsync(server, 10003);
        Assert.Equal((1L, 1L), await SeqAndViewersAsync(again, First));
        Assert.Equal((1L, 1L), await SeqAndViewersAsync(again, First + 1));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        await again.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = room });
        Assert.True(await anchor.StartAsync() > room);

        async Task CheckSkippedAsync()
        {
            await using var other = await TestClient.LogInAsync(server, 10002);
            Assert.Equal((0L, 2L), await SeqAndViewersAsync(other, First));
            await other.ChatInRoomAsync(First, "hello");
            Assert.Equal("hello", (await squatter.ReceiveAsync(Code.Message)).Content());
            Assert.True((await server.Http.GetJsonAsync($"/api/v1/rooms/{First}"))["open"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task A_long_block_of_used_ids_does_not_make_starting_slow_and_ids_go_up()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        await server.StopAsync();
        server.Sql(
            $"""
            WITH RECURSIVE used(id) AS (SELECT {First} UNION ALL SELECT id + 1 FROM used WHERE id < {First} + 199999)
            INSERT INTO conversation (app_id, kind, low, high, last_seq) SELECT {server.AppId}, 1, id, 0, 1 FROM used
            """);
        // The last id there is: the highest used one is no place to go on from.
        server.Sql($"INSERT INTO conversation (app_id, kind, low, high, last_seq) VALUES ({server.AppId}, 1, {(1L << 53) - 1}, 0, 1)");
        await server.StartAgainAsync();
        var last = First;
        var before = server.CpuTime;
        for (var i = 0; i < 20; i++)
        {
            var room = await anchor.StartAsync();
            Assert.InRange(room, last + 1, 1L << 40);
            Assert.Equal(0, server.Sql($"SELECT count(*) FROM conversation WHERE kind = 1 AND low = {room}", c => Convert.ToInt64(c.ExecuteScalar())));
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            last = room;
        }

        // One id after the other would be four million statements.
        Assert.InRange((server.CpuTime - before).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Who_joins_the_next_id_over_and_over_is_never_inside_before_the_room_is_open()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0");
        using var anchor = await PageClient.SignUpAsync(server, vip: true);
        await using var squatter = await TestClient.LogInAsync(server, 10001);
        var next = First;
        for (var round = 0; round < 20; round++)
        {
            var start = anchor.StartAsync();
            // In the room before it is one, with a message, and out again: as fast as answers come.
            while (!start.IsCompleted)
            {
                await squatter.SendAsync(Code.Join, new JsonObject { ["roomId"] = next });
                await squatter.ChatInRoomAsync(next, "first!");
                await squatter.SendAsync(Code.Leave, new JsonObject { ["roomId"] = next });
                await squatter.FlushAsync();
            }

            var room = await start;
            var history = await server.HistoryAsync($"r:{room}");
            var startedAt = server.Sql($"SELECT started_at FROM living_room WHERE id = {room}", c => Convert.ToInt64(c.ExecuteScalar()));
            Assert.All(history, m => Assert.True(m.Number("time") >= startedAt, $"A message {startedAt - m.Number("time")} ms older than room {room}."));
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            next = room + 1;
        }
    }

    [Fact]
    public async Task Ids_of_another_apps_rooms_have_nothing_to_do_with_living_rooms()
    {
        await using var server = await ServerProcess.StartAsync(
            "Accounts:AttemptsPerMinute=0",
            "Apps:0:AppId=1", "Apps:0:TokenSecret=first-secret-first-secret-first-secret", "Apps:0:ApiKey=first-key-first-key-first-key",
            "Apps:1:AppId=2", "Apps:1:TokenSecret=second-secret-second-secret-second-secret", "Apps:1:ApiKey=second-key-second-key-second-key");
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", "first-key-first-key-first-key");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        var token = TestTokens.Mint(server, 10001, payload => payload["app"] = 2, "second-secret-second-secret-second-secret");
        await using var other = await server.PresentAsync(token, 10001, appId: 2);
        await other.ReceiveAsync(Code.Login);
        Assert.Equal((0L, 1L), await SeqAndViewersAsync(other, room));
    }

    private static async Task<(long Seq, long Viewers)> SeqAndViewersAsync(TestClient client, long room)
    {
        var reply = await client.JoinAsync(room);
        return (reply.Number("seq"), reply.Number("viewers"));
    }
}
