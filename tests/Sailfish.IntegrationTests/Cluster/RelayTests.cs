using System.Diagnostics;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Two nodes on one database: what is said on one comes to the other, whatever becomes of the bus between them.</summary>
public sealed class RelayTests : IAsyncDisposable
{
    private readonly List<ServerProcess> _nodes = [];
    private NatsServer? _nats;
    private string _database = "";

    private ServerProcess One => _nodes[0];

    private ServerProcess Two => _nodes[1];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_nats is not null)
            await _nats.DisposeAsync();
        if (_database.Length > 0)
            await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_database);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("nats")]
    public async Task What_is_said_in_a_room_comes_to_its_members_on_every_node_in_one_order(string bus)
    {
        await StartAsync(bus);
        var room = TestIds.NewRoom();
        await using var ann = await JoinAsync(One, room);
        await using var bob = await JoinAsync(Two, room);
        await using var cid = await JoinAsync(Two, room);
        await Task.WhenAll(SayAsync(ann, room, 50), SayAsync(bob, room, 50));
        var (toAnn, toBob, toCid) = (await SeqsAsync(ann, 50), await SeqsAsync(bob, 50), await SeqsAsync(cid, 100));
        Assert.Equal(Enumerable.Range(1, 100).Select(seq => (long)seq), toCid);
        Assert.Equal(toCid, toAnn.Union(toBob).Order());
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("nats")]
    public async Task What_is_said_to_a_user_comes_to_his_sessions_on_every_node(string bus)
    {
        await StartAsync(bus);
        await using var ann = await TestClient.LogInAsync(One, TestIds.NewUser());
        await using var bob = await TestClient.LogInAsync(Two, TestIds.NewUser());
        await using var bobs = await TestClient.LogInAsync(One, bob.UserId, device: "another");
        for (var i = 1; i <= 20; i++)
            await ann.ChatAsync(bob.UserId, $"{i}", $"m{i}");
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), await SeqsAsync(bob, 20));
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), await SeqsAsync(bobs, 20));
    }

    /// <summary>The log has what the bus does not carry.</summary>
    [Fact]
    public async Task Messages_that_are_too_large_for_the_bus_are_read_from_the_log()
    {
        await StartAsync("postgres");
        var room = TestIds.NewRoom();
        await using var ann = await JoinAsync(One, room);
        await using var bob = await JoinAsync(Two, room);
        var text = new string('語', 3900);
        for (var i = 1; i <= 5; i++)
            await ann.ChatInRoomAsync(room, $"{i}{text}");
        for (var i = 1; i <= 5; i++)
            Assert.Equal($"{i}{text}", (string?)(await bob.ReceiveAsync(Code.Message)).Data["content"]);
    }

    [Fact]
    public async Task While_the_bus_is_away_messages_come_a_second_late_and_when_it_is_back_at_once()
    {
        await StartAsync("nats");
        var room = TestIds.NewRoom();
        await using var ann = await JoinAsync(One, room);
        await using var bob = await JoinAsync(Two, room);
        await using var cid = await TestClient.LogInAsync(Two, TestIds.NewUser());
        await _nats!.KillAsync();
        foreach (var node in _nodes)
            await node.SaidAsync("The bus between the nodes is away");
        for (var i = 1; i <= 5; i++)
        {
            var said = Stopwatch.GetTimestamp();
            await ann.ChatInRoomAsync(room, $"{i}");
            await ann.ChatAsync(cid.UserId, $"{i}", $"m{i}");
            Assert.Equal([i], await SeqsAsync(bob, 1));
            Assert.Equal([i], await SeqsAsync(cid, 1));
            // A busy machine may take longer than the second and a half of an idle one.
            Assert.InRange(Stopwatch.GetElapsedTime(said), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        }

        await _nats.StartAgainAsync();
        foreach (var node in _nodes)
            await Wait.UntilAsync(() => node.Output.LastIndexOf("nodes is up", StringComparison.Ordinal) > node.Output.LastIndexOf("nodes is away", StringComparison.Ordinal));
        await ann.ChatInRoomAsync(room, "6");
        await ann.ChatAsync(cid.UserId, "6", "m6");
        Assert.Equal([6], await SeqsAsync(bob, 1));
        Assert.Equal([6], await SeqsAsync(cid, 1));
        // All of it came once.
        Assert.DoesNotContain(await bob.FlushAsync(), frame => frame.Code == Code.Message);
        Assert.DoesNotContain(await cid.FlushAsync(), frame => frame.Code == Code.Message);
    }

    /// <summary>Both go at once, again and again: whoever has joined misses nothing that is said after it.</summary>
    [Fact]
    public async Task Who_joins_on_one_node_while_somebody_speaks_on_another_misses_nothing()
    {
        const int Rooms = 100;
        await StartAsync("nats");
        await using var ann = await TestClient.LogInAsync(One, TestIds.NewUser());
        await using var bob = await TestClient.LogInAsync(Two, TestIds.NewUser());
        for (var i = 0; i < Rooms; i++)
        {
            var room = TestIds.NewRoom();
            await ann.JoinAsync(room);
            await Task.WhenAll(ann.ChatInRoomAsync(room, "hello", $"m{i}"), bob.SendAsync(Code.Join, new JsonObject { ["roomId"] = room }));
            var joined = await bob.ReceiveAsync(Code.Join);
            if (joined.Number("seq") == 0)
                Assert.Equal([1], await SeqsAsync(bob, 1));
            await ann.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
            await bob.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
        }
    }

    private async Task StartAsync(string bus)
    {
        var postgres = await SharedPostgres.ServerAsync();
        _database = await SharedPostgres.NewDatabaseAsync();
        if (bus == "nats")
        {
            _nats = await NatsServer.StartAsync();
            bus = _nats.Url;
        }

        for (var i = 0; i < 2; i++)
            _nodes.Add(await ServerProcess.StartAsync($"Cluster:Database={postgres.ConnectionString(_database)}", $"Cluster:Bus={bus}", "Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0"));
        foreach (var node in _nodes)
            await node.SaidAsync("is heard");
    }

    private static async Task<TestClient> JoinAsync(ServerProcess node, long room)
    {
        var client = await TestClient.LogInAsync(node, TestIds.NewUser());
        await client.JoinAsync(room);
        return client;
    }

    private static async Task SayAsync(TestClient client, long room, int count)
    {
        for (var i = 1; i <= count; i++)
            await client.ChatInRoomAsync(room, $"{i}");
    }

    private static async Task<List<long>> SeqsAsync(TestClient client, int count)
    {
        List<long> seqs = [];
        while (seqs.Count < count)
            seqs.Add((await client.ReceiveAsync(Code.Message)).Number("seq"));
        return seqs;
    }
}
