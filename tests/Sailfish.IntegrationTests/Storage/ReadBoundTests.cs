using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What a client can make the server read is bounded in bytes, whatever number of messages it asks for.</summary>
public sealed class ReadBoundTests
{
    private const int Page = 64 * 1024;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1000, 58)]
    [InlineData(58_000, 1)]
    public async Task A_read_of_the_log_ends_at_its_bytes_and_takes_no_memory_for_what_is_left_out(int size, int expected)
    {
        using var parts = new LogParts();
        Fill(parts, size);
        var key = ConversationKey.Room(10001, 7);
        var maxBytes = size == 0 ? 1 : Page;
        // In a thread of the pool a read does not leave its thread.
        var (messages, isWhole, allocated) = await Task.Run(() =>
        {
            Read(500);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var page = Read(500);
            return (page.Messages, page.IsWhole, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        Assert.Equal((expected, false), (messages.Count, isWhole));
        Assert.InRange(allocated, 1, 1_000_000);
        // The newest that fit, found without reading them.
        Assert.Equal(600 - expected, await parts.History.FindStartAsync(key, 600, 100, maxBytes, CancellationToken.None));

        MessagePage Read(int count)
        {
            var read = parts.History.ReadAsync(key, 0, count, maxBytes, CancellationToken.None);
            Assert.True(read.IsCompletedSuccessfully);
            return read.Result;
        }
    }

    [Fact]
    public async Task Many_who_ask_for_much_history_and_do_not_read_it_take_little_memory()
    {
        const int Clients = 40;
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=0");
        FillRoom(server, 200, 28_000);
        List<TestClient> clients = [];
        for (var i = 0; i < Clients; i++)
            clients.Add(await TestClient.LogInAsync(server, 10001 + i));
        var before = MemoryOf(server);
        foreach (var client in clients)
            await client.SendAsync(Code.Join, new JsonObject { ["roomId"] = 7, ["history"] = 100 });
        foreach (var client in clients)
            Assert.Equal(200, (await client.ReceiveAsync(Code.Join)).Number("seq"));
        // Each alone was 12 MB of rows.
        Assert.InRange(MemoryOf(server) - before, long.MinValue, 150_000_000);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task History_is_the_newest_that_fits_in_order_and_a_hundred_normal_messages_fit()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0");
        FillRoom(server, 200, 10_000);
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await ann.JoinAsync(7, history: 100);
        var large = (await ann.FlushAsync()).Where(f => f.Code == Code.Message).Select(m => m.Number("seq")).ToList();
        Assert.Equal([198, 199, 200], large);
        await ann.JoinAsync(8);
        for (var i = 1; i <= 150; i++)
            await ann.ChatInRoomAsync(8, $"{i} {new string('字', 100)}", $"{i}");
        await ann.ReceiptAsync("150");
        foreach (var transport in Enum.GetValues<Transport>().Where(t => t != Transport.WebSocketLegacy))
        {
            await using var bob = await TestClient.LogInAsync(server, 10002, transport);
            await bob.JoinAsync(8, history: 100);
            var normal = (await bob.FlushAsync()).Where(f => f.Code == Code.Message).Select(m => m.Number("seq"));
            Assert.Equal(Enumerable.Range(51, 100).Select(s => (long)s), normal);
        }
    }

    [Fact]
    public async Task A_page_of_the_servers_API_is_bounded_in_bytes_and_says_more()
    {
        await using var server = await ServerProcess.StartAsync();
        FillRoom(server, 100, 28_000);
        var page = await server.GetAsync("api/v1/conversations/r:7/messages?limit=500");
        Assert.InRange(page["messages"]!.AsArray().Count, 10, 20);
        Assert.True(page["more"]!.GetValue<bool>());
        Assert.Equal(100, (await server.WholeHistoryAsync("r:7")).Count);
        Assert.False((await server.GetAsync("api/v1/conversations/r:7/messages?after=95&limit=5"))["more"]!.GetValue<bool>());
        Assert.True((await server.GetAsync("api/v1/conversations/r:7/messages?after=95&limit=4"))["more"]!.GetValue<bool>());
    }

    private static void Fill(LogParts parts, int size) => parts.Sql(RoomOf(600, Math.Max(1, (size - 20) / 2), 10001));

    private static void FillRoom(ServerProcess server, int count, int half) => server.Sql(RoomOf(count, half, server.AppId));

    private static string RoomOf(int count, int half, long appId) =>
        $$"""
        INSERT INTO conversation (app_id, kind, low, high, last_seq) VALUES ({{appId}}, 1, 7, 0, {{count}});
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {{count}})
        INSERT INTO message (conversation_id, seq, app_id, sender_id, biz_code, data, created_at)
        SELECT (SELECT id FROM conversation WHERE low = 7), n, {{appId}}, 10009, 5555, '{"content":"' || hex(zeroblob({{half}})) || '"}', unixepoch() * 1000 FROM number;
        """;

    private static long MemoryOf(ServerProcess server) =>
        1024 * long.Parse(File.ReadLines($"/proc/{server.ProcessId}/status").Single(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
}
