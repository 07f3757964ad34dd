using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Delivery;

/// <summary>ACK and SYNC: what waits for a user, and how it is read page by page.</summary>
public sealed class SyncTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private readonly ServerProcess _server = fixture.Server;
    private readonly long _ann = TestIds.NewUser();
    private readonly long _bob = TestIds.NewUser();

    private string Conversation => MessagingSteps.Direct(_ann, _bob);

    [Fact]
    public async Task Acks_out_of_order_leave_the_holes_waiting()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        await SendAsync(ann, 6);
        var messages = await ReceiveAsync(bob, 6);
        foreach (var seq in new[] { 5, 2, 6, 5 })
            await bob.AckAsync(messages[seq - 1]);
        Assert.Equal([1, 3, 4], Seqs(await bob.SyncAsync()));
        Assert.Equal(3, (await _server.UnackedAsync(_bob))[Conversation]);
        await bob.AckAsync(messages[0]);
        Assert.Equal([3, 4], Seqs(await bob.SyncAsync()));
        await bob.AckUpToAsync(Conversation, 3);
        Assert.Equal([4], Seqs(await bob.SyncAsync()));
        // Backwards says nothing new.
        await bob.AckUpToAsync(Conversation, 1);
        Assert.Equal([4], Seqs(await bob.SyncAsync()));
        await bob.AckUpToAsync(Conversation, 6);
        Assert.Empty(Seqs(await bob.SyncAsync()));
        Assert.Empty(await _server.UnackedAsync(_bob));
    }

    [Fact]
    public async Task Own_messages_come_back_only_when_a_seq_is_named()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        for (var i = 0; i < 3; i++)
        {
            await ann.ChatAndReceiptAsync(_bob, $"ann {i}");
            await bob.ChatAndReceiptAsync(_ann, $"bob {i}");
        }

        Assert.Equal([2, 4, 6], Seqs(await ann.SyncAsync()));
        Assert.Equal([1, 3, 5], Seqs(await bob.SyncAsync()));
        Assert.Equal([1, 3], Seqs(await bob.SyncAsync(limit: 2)));
        Assert.Equal([1, 2, 3, 4, 5, 6], Seqs(await ann.SyncAsync(After(0))));
        Assert.Equal([6], Seqs(await ann.SyncAsync(After(5))));
        Assert.Empty(Seqs(await ann.SyncAsync(After(6))));
        Assert.Empty(Seqs(await ann.SyncAsync(After(99))));
        Assert.Empty(Seqs(await ann.SyncAsync([])));
        await ann.AckUpToAsync(Conversation, 6);
        Assert.Empty(Seqs(await ann.SyncAsync()));
        // What is acked can be read again.
        Assert.Equal([1, 2, 3, 4, 5, 6], Seqs(await ann.SyncAsync(After(0))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(500)]
    public async Task Pages_of_any_size_bring_everything_once_in_order(int limit)
    {
        const int Count = 20;
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        var carol = TestIds.NewUser();
        await using var carolClient = await TestClient.LogInAsync(_server, carol);
        await SendAsync(ann, Count);
        for (var i = 0; i < Count; i++)
            await carolClient.ChatAndReceiptAsync(_bob, $"carol {i}");
        await using var bob = await TestClient.LogInAsync(_server, _bob, Transport.WebSocketJson);

        // By acks: each page is what is left.
        List<(string?, long)> pulled = [];
        while (true)
        {
            var page = await bob.SyncAsync(limit: limit);
            var messages = page.Messages();
            pulled.AddRange(messages.Select(m => (m.Text("conversation"), m.Number("seq"))));
            Assert.Equal(pulled.Count < 2 * Count, page["more"]!.GetValue<bool>());
            Assert.Equal(page["more"]!.GetValue<bool>() ? limit : messages.Count, messages.Count);
            foreach (var message in messages)
                await bob.AckAsync(message);
            if (!page["more"]!.GetValue<bool>())
                break;
        }

        Assert.Equal(
            Enumerable.Range(1, Count).Select(s => (Conversation, (long)s)).Concat(Enumerable.Range(1, Count).Select(s => (MessagingSteps.Direct(_bob, carol), (long)s))),
            pulled.OrderBy(p => p.Item1 != Conversation).Select(p => (p.Item1!, p.Item2)));

        // By seq: each page goes on where the last one ended.
        long after = 0;
        List<long> read = [];
        while (true)
        {
            var page = await bob.SyncAsync(After(after), limit);
            read.AddRange(Seqs(page));
            after = read[^1];
            if (!page["more"]!.GetValue<bool>())
                break;
        }

        Assert.Equal(Enumerable.Range(1, Count).Select(s => (long)s), read);
    }

    [Fact]
    public async Task Big_messages_make_small_pages_that_fit_a_frame()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        // Almost a frame each, and some in between that fit several times.
        int[] sizes = [54_900, 60_000, 20_000, 20_000, 20_000, 100, 54_900, 30_000, 100];
        var sent = 0;
        foreach (var size in sizes)
        {
            var id = $"big {sent++}";
            await ann.SendAsync(Code.Message, TestClient.Chat(new JsonObject { ["content"] = id, ["objectId"] = _bob, ["pad"] = new string('x', size) }, id));
            var reply = await ann.ReceiveAsync();
            if (reply.Code == Code.Error)
            {
                // Larger than what can be pulled is refused, never stored.
                Assert.Equal("bad_data", reply.Text("error"));
                sent--;
            }
        }

        Assert.InRange(sent, sizes.Length - 2, sizes.Length);
        List<long> pulled = [];
        bool more;
        do
        {
            var page = await bob.SyncAsync();
            Assert.InRange(Encoding.UTF8.GetByteCount(page.ToJsonString(MessagingSteps.Relaxed)), 1, 65_536);
            Assert.NotEmpty(page.Messages());
            foreach (var message in page.Messages())
            {
                pulled.Add(message.Number("seq"));
                await bob.AckAsync(message);
            }

            more = page["more"]!.GetValue<bool>();
        }
        while (more);
        Assert.Equal(Enumerable.Range(1, sent).Select(s => (long)s), pulled);
    }

    [Fact]
    public async Task A_malformed_sync_is_refused_and_the_connection_goes_on()
    {
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        foreach (var limit in new[] { 0, -1, 501, int.MaxValue })
            await bob.RefusedAsync("bad_sync", Code.Sync, new JsonObject { ["limit"] = limit });
        foreach (var name in new[] { "", "x", "d:1:2", "d:10002:10001", "r:0", "r:x", new string('d', 10_000) })
            await bob.RefusedAsync("bad_sync", Code.Sync, new JsonObject { ["after"] = new JsonObject { [name] = 0 } });
        await bob.RefusedAsync("bad_sync", Code.Sync, new JsonObject { ["after"] = After(-1) });
        var tooMany = new JsonObject(Enumerable.Range(0, 101).Select(i => KeyValuePair.Create(MessagingSteps.Direct(_bob, 100_000 + i), (JsonNode?)0)));
        await bob.RefusedAsync("bad_sync", Code.Sync, new JsonObject { ["after"] = tooMany });
        await bob.RefusedAsync("bad_body", Code.Sync, new JsonObject { ["after"] = "d" });
        await bob.RefusedAsync("bad_body", Code.Sync, new JsonObject { ["limit"] = "many" });
        // As long a name as fits: the answer must fit a frame too. A conversation has one name, without zeros before an id.
        await bob.RefusedAsync("bad_sync", Code.Sync, new JsonObject { ["after"] = new JsonObject { [$"d:{new string('0', 65_000)}10001:10002"] = 0 } });
        Assert.Empty(Seqs(await bob.SyncAsync(After(0))));
    }

    [Fact]
    public async Task A_member_reads_the_rooms_whole_conversation()
    {
        var room = TestIds.NewRoom();
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await ann.JoinAsync(room);
        for (var i = 1; i <= 5; i++)
            await ann.ChatInRoomAsync(room, $"{i}", $"{i}");
        await ann.ReceiptAsync("5");
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        Assert.Equal(5, (await bob.JoinAsync(room, history: 3)).Number("seq"));
        Assert.Equal(["3", "4", "5"], (await bob.FlushAsync()).Select(m => m.Content()));
        var page = await bob.SyncAsync(new JsonObject { [$"r:{room}"] = 1 });
        Assert.Equal(["2", "3", "4", "5"], page.Messages().Select(m => m.Content()));
        await bob.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = room, ["history"] = 101 });
        await bob.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = room, ["history"] = -1 });
    }

    private async Task SendAsync(TestClient ann, int count)
    {
        for (var i = 1; i <= count; i++)
            await ann.ChatAndReceiptAsync(_bob, $"{i}");
    }

    private static async Task<List<ReceivedFrame>> ReceiveAsync(TestClient client, int count)
    {
        List<ReceivedFrame> messages = [];
        while (messages.Count < count)
            messages.Add(await client.ReceiveAsync(Code.Message));
        return messages;
    }

    private JsonObject After(long seq) => new() { [Conversation] = seq };

    private static IEnumerable<long> Seqs(JsonObject page) => page.Messages().Select(m => m.Number("seq"));
}
