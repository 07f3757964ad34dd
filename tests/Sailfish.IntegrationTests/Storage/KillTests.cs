using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>G1: a RECEIPT means committed.</summary>
public sealed class KillTests
{
    private const int Clients = 4;
    private const long Room = 7;

    /// <summary>What was sent, by clientMsgId, which is the content too; and the receipts.</summary>
    private readonly ConcurrentDictionary<string, (int Client, bool ToRoom)> _sent = new();
    private readonly ConcurrentDictionary<string, ReceivedFrame> _receipts = new();

    [Fact]
    public async Task Killed_again_and_again_under_load_nothing_receipted_is_lost_and_nothing_resent_comes_twice()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Limits:ConnectionsPerIpPerSecond=0");
        var random = new Random();
        for (var round = 1; round <= 5; round++)
        {
            await SendUntilKilledAsync(server, round, killAfter: random.Next(1, 900));
            await server.StartAgainAsync();
            await CheckReceiptedAsync(server);
            await ResendAsync(server);
            await CheckAllOnceAsync(server);
        }
    }

    private static long User(int client) => 10_001 + client;

    /// <summary>A user who is never online.</summary>
    private static long Peer(int client) => 20_001 + client;

    private async Task SendUntilKilledAsync(ServerProcess server, int round, int killAfter)
    {
        var before = _receipts.Count;
        var clients = await LogInAllAsync(server);
        var reading = clients.Select(c => ReadReceiptsAsync(c)).ToList();
        var sending = clients.Select((c, i) => Task.Run(() => SendAsync(c, i, round))).ToList();
        await Wait.UntilAsync(() => _receipts.Count >= before + killAfter, $"{killAfter} receipts");
        await server.KillAsync();
        await Task.WhenAll(sending.Concat(reading));
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private async Task SendAsync(TestClient client, int index, int round)
    {
        try
        {
            for (var i = 0; i < 400; i++)
            {
                var id = $"{round}/{index}/{i}";
                var toRoom = i % 2 == 0;
                _sent[id] = (index, toRoom);
                await SendAsync(client, index, id, toRoom);
            }
        }
        catch (Exception killed) when (killed is IOException or SocketException)
        {
            // That is what the test is about.
        }
    }

    private static Task SendAsync(TestClient client, int index, string id, bool toRoom) =>
        toRoom ? client.ChatInRoomAsync(Room, id, id) : client.ChatAsync(Peer(index), id, id);

    private async Task ReadReceiptsAsync(TestClient client, Func<bool>? isDone = null)
    {
        while (isDone?.Invoke() != true && await client.TryReceiveAsync() is { } frame)
        {
            Assert.False(frame.Code == Code.Error, frame.Body.ToJsonString());
            if (frame.Code == Code.Receipt)
                _receipts[frame.Text("clientMsgId")!] = frame;
        }
    }

    private async Task CheckReceiptedAsync(ServerProcess server)
    {
        var stored = await AllAsync(server);
        foreach (var (id, receipt) in _receipts)
        {
            var message = Assert.Contains((receipt.Text("conversation")!, receipt.Number("seq")), stored);
            Assert.Equal((receipt.Text("msgId"), receipt.Number("time"), id), (message.Text("msgId"), message.Number("time"), message.Content()));
        }
    }

    private async Task ResendAsync(ServerProcess server)
    {
        var unreceipted = _sent.Where(s => !_receipts.ContainsKey(s.Key)).ToList();
        var clients = await LogInAllAsync(server);
        var all = clients.Select((client, index) => Task.Run(async () =>
        {
            var own = unreceipted.Where(u => u.Value.Client == index).ToList();
            var reading = own.Count == 0 ? Task.CompletedTask : ReadReceiptsAsync(client, () => own.TrueForAll(u => _receipts.ContainsKey(u.Key)));
            foreach (var (id, (_, toRoom)) in own)
                await SendAsync(client, index, id, toRoom);
            await reading;
        })).ToList();
        await Task.WhenAll(all);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private async Task CheckAllOnceAsync(ServerProcess server)
    {
        var stored = await AllAsync(server);
        Assert.Equal(_sent.Keys.Order(), stored.Values.Select(m => m.Content()).Order());
        await CheckReceiptedAsync(server);
    }

    private static async Task<Dictionary<(string, long), ReceivedFrame>> AllAsync(ServerProcess server)
    {
        Dictionary<(string, long), ReceivedFrame> all = [];
        foreach (var conversation in Enumerable.Range(0, Clients).Select(i => MessagingSteps.Direct(User(i), Peer(i))).Append($"r:{Room}"))
        {
            foreach (var message in await server.WholeHistoryAsync(conversation))
                all.Add((conversation, message.Number("seq")), message);
        }

        return all;
    }

    private static async Task<List<TestClient>> LogInAllAsync(ServerProcess server)
    {
        List<TestClient> clients = [];
        for (var i = 0; i < Clients; i++)
        {
            var client = await TestClient.LogInAsync(server, User(i));
            await client.SendAsync(Code.Join, new JsonObject { ["roomId"] = Room });
            clients.Add(client);
        }

        return clients;
    }
}
