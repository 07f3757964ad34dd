using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Storage;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>The one writer and the file that it writes.</summary>
public sealed class WriterTests
{
    private const int Busy = 5;
    private const int Full = 13;

    [Theory]
    [InlineData(Full, 0)]
    [InlineData(Busy, 0)]
    [InlineData(1, 49)]
    public async Task A_batch_that_the_disk_refuses_is_tried_once_and_one_bad_write_fails_alone(int code, int expectedToSucceed)
    {
        using var parts = new LogParts();
        await parts.Writer.StartAsync(CancellationToken.None);
        using var held = new HeldWriter(parts.Writer);
        var runs = 0;
        var writes = Enumerable.Range(0, 50).Select(i => parts.Writer.WriteAsync(_ =>
        {
            runs++;
            if (i == 20)
                throw new SqliteException("as the test wants it", code);
        })).ToList();
        await held.ReleaseAsync();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(expectedToSucceed, writes.Count(w => w.IsCompletedSuccessfully));
        Assert.Equal(expectedToSucceed == 0 ? 21 : 71, runs);
    }

    /// <summary>An end, what is said after it and a repeat, in a transaction that the disk refuses: nothing is known of them but that.</summary>
    [Fact]
    public async Task What_a_refused_transaction_found_out_about_a_message_does_not_count()
    {
        using var parts = new LogParts();
        await parts.Writer.StartAsync(CancellationToken.None);
        var room = ConversationKey.Room(1, 7);
        Submission[] messages = [TestMessage.Of(room, 10001, "a"), TestMessage.Of(room, 10001, "a"), TestMessage.Of(room, 10001, closes: true), TestMessage.Of(room, 10001, "b")];
        using (var held = new HeldWriter(parts.Writer))
        {
            foreach (var message in messages)
                await parts.Log.AppendAsync(message, CancellationToken.None);
            var refused = parts.Writer.WriteAsync(_ => throw new SqliteException("as the test wants it", Full));
            await held.ReleaseAsync();
            await Assert.ThrowsAsync<SqliteException>(() => refused);
        }

        foreach (var message in messages)
        {
            await message.WhenToldAsync();
            Assert.IsType<StorageFullException>(message.Failure);
            Assert.Equal((null, false, false), (message.Stored, message.IsDuplicate, message.IsTooLate));
        }

        // The room goes on.
        var next = TestMessage.Of(room, 10001, "b");
        await parts.Log.AppendAsync(next, CancellationToken.None);
        await next.WhenToldAsync();
        Assert.Equal(1, next.Stored?.Seq);
        await parts.Writer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Who_holds_the_database_is_not_waited_for_when_the_stop_is_over()
    {
        using var parts = new LogParts();
        await parts.Writer.StartAsync(CancellationToken.None);
        using var other = parts.Database.OpenUnpooled();
        using var held = other.BeginTransaction(deferred: false);
        var write = parts.Writer.WriteAsync(_ => { });
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        await parts.Writer.StopAsync(over.Token);

        // It would be waited for for 10 s.
        var refused = await Assert.ThrowsAsync<SqliteException>(() => write.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(Busy, refused.SqliteErrorCode);
    }

    [Fact]
    public async Task A_WAL_that_overlapping_readers_let_grow_is_begun_anew_and_they_go_on()
    {
        using var parts = new LogParts(new StorageOptions { MaxWalMiB = 4 });
        await parts.Writer.StartAsync(CancellationToken.None);
        using var done = new CancellationTokenSource();
        var reads = 0;
        // Of each two of them one is reading at any time: SQLite finds no moment by itself.
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await using var connection = await parts.Database.OpenReaderAsync();
                await using var transaction = connection.BeginTransaction(deferred: true);
                connection.ExecuteScalar<long>("SELECT count(*) FROM message", transaction: transaction);
                // How long it reads.
                await Pause.ForAsync(20);
                Interlocked.Increment(ref reads);
            }
        })).ToList();
        while (WalOf(parts) < 8 * 1024 * 1024)
            await parts.AppendAsync(ConversationKey.Room(1, 7), data: new string('x', 50_000));
        await Wait.UntilAsync(
            async () =>
            {
                await parts.Watch.LookAtWalAsync();
                return WalOf(parts) < 4 * 1024 * 1024;
            },
            "a small WAL");
        var before = reads;
        await Wait.UntilAsync(() => reads > before + 4, "the readers to go on");
        await done.CancelAsync();
        await Task.WhenAll(readers);
        await parts.Writer.StopAsync(CancellationToken.None);
    }

    private static long WalOf(LogParts parts) => new FileInfo(parts.Database.Path + "-wal").Length;
}
