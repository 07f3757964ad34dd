using Microsoft.Data.Sqlite;
using Sailfish.Server.Conversations;
using Sailfish.Server.Storage;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>
/// The row that says that somebody has messages waiting is written once, and deleted when all are acked. It is there
/// whenever a message waits, in whatever order acks and messages come into one transaction.
/// </summary>
public sealed class UnreadRowsTests
{
    private const long Ann = 10001;
    private const long Bob = 10002;
    private const int Full = 13;
    private static readonly ConversationKey Key = ConversationKey.Direct(1, Ann, Bob);

    [Theory]
    [InlineData("ack 1", 0, 0)]
    [InlineData("ack 1, message", 1, 2)]
    [InlineData("message, ack 1", 1, 2)]
    [InlineData("message, ack 2", 1, 2)]
    [InlineData("own, ack 1, own", 0, 0)]
    [InlineData("message, full", 1, 1)]
    [InlineData("ack 1, message, full", 1, 1)]
    public async Task A_message_waits_whatever_else_is_in_its_transaction(string batch, int expectedRows, long expectedSeq)
    {
        using var parts = await StartAsync();
        await RunAsync(parts, "message");
        await RunAsync(parts, batch);
        Assert.Equal((expectedRows, expectedSeq), await WaitingAsync(parts));
    }

    [Theory]
    [InlineData("message, full")]
    [InlineData("message, ack 1, full")]
    [InlineData("own, message, full")]
    public async Task What_was_not_committed_is_written_when_the_next_message_comes(string batch)
    {
        using var parts = await StartAsync();
        await RunAsync(parts, batch);
        Assert.Equal((0, 0), await WaitingAsync(parts));
        await RunAsync(parts, "message");
        Assert.Equal((1, 1), await WaitingAsync(parts));
    }

    [Fact]
    public async Task A_row_that_was_written_in_a_transaction_that_failed_later_is_written_with_the_next()
    {
        using var parts = await StartAsync();
        parts.Sql("CREATE TRIGGER no_row BEFORE INSERT ON unread WHEN NEW.user_id = 10003 BEGIN SELECT RAISE(ABORT, 'as the test wants it'); END");
        // Together they fail, then each is tried alone.
        await RunAsync(parts, "message, message to carol");
        Assert.Equal((1, 1), await WaitingAsync(parts));
    }

    [Fact]
    public async Task What_comes_after_retention_took_all_that_waited_waits()
    {
        using var parts = await StartAsync();
        await RunAsync(parts, "message, message");
        Assert.Equal(2, await parts.Retention.RunOnceAsync(CancellationToken.None));
        Assert.Equal((0, 0), await WaitingAsync(parts));
        await RunAsync(parts, "message");
        Assert.Equal((1, 3), await WaitingAsync(parts));
    }

    [Fact]
    public async Task Messages_that_come_one_by_one_write_one_row_until_they_are_acked()
    {
        using var parts = await StartAsync();
        var before = parts.Sql<long>("SELECT count(*) FROM unread");
        parts.Sql("CREATE TABLE written (n); CREATE TRIGGER count_rows AFTER INSERT ON unread BEGIN INSERT INTO written VALUES (1); END");
        for (var i = 0; i < 10; i++)
            await RunAsync(parts, "message");
        Assert.Equal((0, 1), (before, parts.Sql<long>("SELECT count(*) FROM written")));
        await RunAsync(parts, "ack 9");
        await RunAsync(parts, "message");
        Assert.Equal(1, parts.Sql<long>("SELECT count(*) FROM written"));
        await RunAsync(parts, "ack 11");
        await RunAsync(parts, "message");
        Assert.Equal(2, parts.Sql<long>("SELECT count(*) FROM written"));
        Assert.Equal((1, 12), await WaitingAsync(parts));
    }

    private static async Task<LogParts> StartAsync()
    {
        var parts = new LogParts(new StorageOptions { RetentionDays = 10 });
        await parts.Writer.StartAsync(CancellationToken.None);
        return parts;
    }

    /// <summary>Bob's conversations that wait, and how far the newest of them reaches.</summary>
    private static async Task<(int Rows, long Seq)> WaitingAsync(LogParts parts)
    {
        var unread = await parts.History.ListUnreadAsync(1, Bob, 0, 10, CancellationToken.None);
        return (unread.Count, unread.Count == 0 ? 0 : unread[^1].LastSeq);
    }

    /// <summary>All in one transaction.</summary>
    private static async Task RunAsync(LogParts parts, string batch)
    {
        using var held = new HeldWriter(parts.Writer);
        List<Task> steps = [.. batch.Split(", ").Select(step => StepAsync(parts, step))];
        await held.ReleaseAsync();
        await Task.WhenAll(steps).ContinueWith(_ => { }, TaskScheduler.Default);
        // The last of the writer's thread with this batch.
        await parts.Writer.WriteAsync(_ => { });
    }

    private static Task StepAsync(LogParts parts, string step) => step.Split(' ') switch
    {
        ["message", "to", "carol"] => parts.AppendAsync(ConversationKey.Direct(1, Ann, 10003), Ann).AsTask(),
        ["message"] => parts.AppendAsync(Key, Ann).AsTask(),
        ["own"] => parts.AppendAsync(Key, Bob).AsTask(),
        ["ack", var seq] => parts.Positions.SaveAsync([new Update(long.Parse(seq, null))], CancellationToken.None),
        _ => parts.Writer.WriteAsync(_ => throw new SqliteException("as the test wants it", Full)),
    };

    private sealed record Update(long Seq) : IPositionUpdate
    {
        public long UserId => Bob;

        public long ConversationId => 1;

        public bool HasRuns => false;

        public long Merge(long storedSeq) => Seq;
    }
}
