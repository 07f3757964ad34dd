using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Delivery;

/// <summary>G2: seq is 1, 2, 3… and every connection sees it so.</summary>
public sealed class OrderTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private const int PerSender = 100;
    private const int ByApi = 40;

    [Fact]
    public async Task Many_senders_in_one_room_are_seen_in_one_order_without_gap()
    {
        const int Senders = 6;
        var server = fixture.Server;
        var room = TestIds.NewRoom();
        var senders = await LogInAsync(server, Senders);
        foreach (var sender in senders)
            await sender.JoinAsync(room);
        await using var tcp = await TestClient.LogInAsync(server, TestIds.NewUser());
        await using var json = await TestClient.LogInAsync(server, TestIds.NewUser(), Transport.WebSocketJson);
        Assert.Equal(0, (await tcp.JoinAsync(room)).Number("seq"));
        await json.JoinAsync(room);

        const int Total = (Senders * PerSender) + ByApi;
        var seen = new[] { ReadAsync(tcp, 1, Total), ReadAsync(json, 1, Total) };
        var others = senders.Select(s => ReadOthersAsync(s, Total)).ToList();
        var api = PostAsync(server, TestIds.NewUser(), new JsonObject { ["room"] = room });
        var sending = senders.Select(s => SendAsync(s, id => s.ChatInRoomAsync(room, id, id))).ToList();

        // Somebody who comes in the middle of it: what JOIN says and what is pushed make one whole.
        await Wait.UntilAsync(async () => (await server.HistoryAsync($"r:{room}")).Count > 100, "messages in the room");
        await using var late = await TestClient.LogInAsync(server, TestIds.NewUser());
        await late.SendAsync(Code.Join, new JsonObject { ["roomId"] = room, ["history"] = 20 });
        var joined = await late.ReceiveAsync();
        Assert.Equal(Code.Join, joined.Code);
        var lateSeen = await ReadAsync(late, joined.Number("seq") - 19, Total);

        await Task.WhenAll(sending);
        await api;
        var history = await server.WholeHistoryAsync($"r:{room}");
        Assert.Equal(Total, history.Count);
        foreach (var frames in await Task.WhenAll(seen))
            Assert.Equal(history.Select(Name), frames.Select(Name));
        Assert.Equal(history.Skip((int)joined.Number("seq") - 20).Select(Name), lateSeen.Select(Name));
        foreach (var (sender, frames) in senders.Zip(await Task.WhenAll(others)))
            Assert.Equal(history.Where(m => m.Data["userId"]!.GetValue<long>() != sender.UserId).Select(Name), frames.Select(Name));
        await DisposeAsync(senders);
    }

    [Fact]
    public async Task Both_sides_and_the_API_in_one_conversation_are_seen_in_one_order_without_gap()
    {
        var server = fixture.Server;
        var (ann, bob) = (TestIds.NewUser(), TestIds.NewUser());
        List<TestClient> senders = [];
        foreach (var user in new[] { ann, ann, bob, bob })
            senders.Add(await TestClient.LogInAsync(server, user));
        await using var annWatches = await TestClient.LogInAsync(server, ann);
        await using var bobWatches = await TestClient.LogInAsync(server, bob, Transport.WebSocketBinary, protocol: 1);

        const int Total = (4 * PerSender) + ByApi;
        var seen = new[] { ReadAsync(annWatches, 1, Total), ReadAsync(bobWatches, 1, Total, acks: true) };
        var drained = senders.Select(s => ReadReceiptsAsync(s, PerSender)).ToList();
        var api = PostAsync(server, ann, new JsonObject { ["user"] = bob });
        await Task.WhenAll(senders.Select(s => SendAsync(s, id => s.ChatAsync(s.UserId == ann ? bob : ann, id, id))));
        await Task.WhenAll(drained);
        await api;

        var history = await server.WholeHistoryAsync(MessagingSteps.Direct(ann, bob));
        Assert.Equal(Total, history.Count);
        var frames = await Task.WhenAll(seen);
        Assert.Equal(history.Select(Name), frames[0].Select(Name));
        Assert.Equal(history.Select(m => (m.Text("msgId"), m.Content())), frames[1].Select(m => (m.Text("msgId"), m.Content())));
        await DisposeAsync(senders);
    }

    private static (long, string?, string) Name(ReceivedFrame message) => (message.Number("seq"), message.Text("msgId"), message.Content());

    private static async Task<List<TestClient>> LogInAsync(ServerProcess server, int count)
    {
        List<TestClient> clients = [];
        for (var i = 0; i < count; i++)
            clients.Add(await TestClient.LogInAsync(server, TestIds.NewUser(), i % 2 == 0 ? Transport.Tcp : Transport.WebSocketBinary));
        return clients;
    }

    private static async Task DisposeAsync(List<TestClient> clients)
    {
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static Task SendAsync(TestClient client, Func<string, Task> send) => Task.Run(async () =>
    {
        for (var i = 0; i < PerSender; i++)
            await send($"{client.GetHashCode()}/{i}");
    });

    private static async Task PostAsync(ServerProcess server, long from, JsonObject to)
    {
        for (var i = 0; i < ByApi; i++)
        {
            await server.PostAsync("api/v1/messages", new JsonObject
            {
                ["bizCode"] = 5555,
                ["from"] = from,
                ["to"] = to.DeepClone(),
                ["data"] = new JsonObject { ["content"] = $"api/{i}" },
            });
        }
    }

    /// <summary>Reads messages until the last seq; with seqs on the wire, each must be the one after the one before.</summary>
    private static Task<List<ReceivedFrame>> ReadAsync(TestClient client, long first, int total, bool acks = false) => Task.Run(async () =>
    {
        List<ReceivedFrame> frames = [];
        HashSet<string?> ids = [];
        while (frames.Count < total - first + 1)
        {
            var frame = await client.ReceiveAsync();
            Assert.Equal(Code.Message, frame.Code);
            if (acks)
                await client.AckAsync(frame);
            else
                Assert.Equal(first + frames.Count, frame.Number("seq"));
            // Slower than the ack timeout: sent again with the same msgId is right.
            if (ids.Add(frame.Text("msgId")))
                frames.Add(frame);
        }

        return frames;
    });

    private static Task<List<ReceivedFrame>> ReadOthersAsync(TestClient client, int total) => Task.Run(async () =>
    {
        List<ReceivedFrame> frames = [];
        for (var receipts = 0; receipts < PerSender || frames.Count < total - PerSender;)
        {
            var frame = await client.ReceiveAsync();
            if (frame.Code == Code.Receipt)
                receipts++;
            else
                frames.Add(frame);
        }

        return frames;
    });

    private static Task ReadReceiptsAsync(TestClient client, int count) => Task.Run(async () =>
    {
        for (var receipts = 0; receipts < count;)
        {
            if ((await client.ReceiveAsync()).Code == Code.Receipt)
                receipts++;
        }
    });
}
