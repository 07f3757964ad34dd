using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Storage;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Messaging;

/// <summary>The newest seq is known without the database, and never older than what was committed when it was asked for.</summary>
public sealed class NewestSeqTests
{
    [Fact]
    public async Task A_room_without_messages_is_looked_for_once_and_its_first_message_is_seen()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        Assert.Equal(0, (await ann.JoinAsync(7)).Number("seq"));
        server.Sql("ALTER TABLE conversation RENAME TO conversation_away");
        Assert.Equal(0, (await bob.JoinAsync(7)).Number("seq"));
        await bob.SendAsync(Code.Join, new JsonObject { ["roomId"] = 8 });
        Assert.Equal("internal", (await bob.ReceiveAsync()).Text("error"));
        server.Sql("ALTER TABLE conversation_away RENAME TO conversation");
        await ann.ChatInRoomAsync(7, "first", "c1");
        Assert.Equal(1, (await ann.ReceiptAsync("c1")).Number("seq"));
        await using var eve = await TestClient.LogInAsync(server, 10003);
        Assert.Equal(1, (await eve.JoinAsync(7, history: 10)).Number("seq"));
        Assert.Equal("first", (await eve.ReceiveAsync(Code.Message)).Content());
    }

    [Fact]
    public async Task Readers_never_see_less_than_was_committed_whatever_is_written_and_rolled_back_meanwhile()
    {
        const int Conversations = 300;
        using var parts = new LogParts();
        var committed = new ConcurrentDictionary<ConversationKey, long>();
        var draining = DrainAsync(parts, committed);
        await parts.Writer.StartAsync(CancellationToken.None);
        for (var i = 1; i <= Conversations; i++)
        {
            var key = ConversationKey.Room(1, i);
            // Before, while and after its first message is written, and the writer forgets all that it knew.
            Assert.Equal(0, await parts.Log.NewestSeqAsync(key, CancellationToken.None));
            await parts.AppendAsync(key);
            var reading = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadUntilAsync(parts, key, 1, committed))));
            var failing = i % 3 == 0 ? FailAsync(parts) : Task.CompletedTask;
            await Task.WhenAll(reading, failing);
            await FailAsync(parts);
            Assert.Equal(1, await parts.Log.NewestSeqAsync(key, CancellationToken.None));
            if (i % 2 == 0)
                await parts.AppendAsync(ConversationKey.Room(1, i / 2));
        }

        await parts.Writer.StopAsync(CancellationToken.None);
        await draining;
        Assert.Equal(Conversations * 3 / 2, committed.Values.Sum());
        foreach (var (key, seq) in committed)
            Assert.Equal(seq, await parts.Log.NewestSeqAsync(key, CancellationToken.None));
    }

    [Fact]
    public async Task History_reaches_the_newest_seq_that_was_read_before_it_while_more_is_written()
    {
        const int Messages = 30_000;
        const int History = 50;
        using var parts = new LogParts();
        var draining = DrainAsync(parts, []);
        await parts.Writer.StartAsync(CancellationToken.None);
        var key = ConversationKey.Room(1, 7);
        var reading = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var newest = 0L; newest < Messages;)
            {
                newest = await parts.Log.NewestSeqAsync(key, CancellationToken.None);
                var start = await parts.Log.FindStartAsync(key, newest, History, int.MaxValue, CancellationToken.None);
                Assert.Equal(Math.Max(0, newest - History), start);
                var history = await parts.Log.ReadAsync(key, start, History, int.MaxValue, CancellationToken.None);
                Assert.Equal(newest, history.Messages.LastOrDefault(m => m.Seq <= newest)?.Seq ?? 0);
            }
        })));
        for (var i = 0; i < Messages; i++)
            await parts.AppendAsync(key);
        await reading;
        await parts.Writer.StopAsync(CancellationToken.None);
        await draining;
    }

    private static async Task DrainAsync(LogParts parts, ConcurrentDictionary<ConversationKey, long> committed)
    {
        await foreach (var request in parts.Log.Completed.ReadAllAsync())
            committed[request.Conversation] = request.Stored!.Seq;
    }

    /// <summary>A write that fails takes the writer's memory with it.</summary>
    private static async Task FailAsync(LogParts parts) =>
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => parts.Writer.WriteAsync(_ => throw new TimeZoneNotFoundException()));

    private static async Task ReadUntilAsync(LogParts parts, ConversationKey key, long seq, ConcurrentDictionary<ConversationKey, long> committed)
    {
        for (var newest = 0L; newest < seq;)
        {
            var atLeast = committed.GetValueOrDefault(key);
            newest = await parts.Log.NewestSeqAsync(key, CancellationToken.None);
            Assert.True(newest >= atLeast, $"{newest} was read after {atLeast} was committed.");
        }
    }
}
