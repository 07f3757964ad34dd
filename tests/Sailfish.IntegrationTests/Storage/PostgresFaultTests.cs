using System.Collections.Concurrent;
using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Whatever happens between the log and its PostgreSQL: what was told as stored is there, once, and there is no gap.</summary>
public sealed class PostgresFaultTests
{
    private const long App = StoreConformance.App;
    private const long Ann = StoreConformance.Ann;
    private const long Bob = StoreConformance.Bob;
    private static readonly ConversationKey Room = ConversationKey.Room(App, 7);
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan LongerThanATry = TimeSpan.FromSeconds(13);

    private readonly Completions _completions = new();
    private readonly LeapingTime _time = new();

    [Theory]
    [InlineData(null)]
    [InlineData("a")]
    public async Task When_the_answer_of_a_commit_is_lost_the_message_is_stored_and_told_of_once(string? id)
    {
        var name = await SharedPostgres.NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        await using var proxy = new PostgresProxy(server.Port);
        await using (var parts = await PostgresParts.StartAsync(server.ConnectionString(name, proxy.Port), _completions))
        {
            for (var round = 1; round <= 5; round++)
            {
                proxy.LoseAnswerTo("lose this");
                // Some before and behind it in the same transaction, one of which repeats it.
                Submission[] messages = [Message("before"), Lost(), Message("behind"), Lost()];
                Submission Lost() => TestMessage.Of(Room, Ann, id, "lose this", time: round);

                using (parts.Hold())
                {
                    foreach (var message in messages)
                        await parts.Log.AppendAsync(message, CancellationToken.None);
                }

                foreach (var message in messages)
                    await message.WhenToldAsync();
                Assert.Equal(round, proxy.Lost);
                var repeated = id is not null;
                Assert.Equal([false, repeated && round > 1, false, repeated], messages.Select(m => m.IsDuplicate));
                Assert.DoesNotContain(messages, m => m.Failure is not null);
            }

            Assert.Equal(id is null ? 20 : 11, await AssertNoGapAsync(parts, Room));
        }

        await server.DropDatabaseAsync(name);
    }

    [Fact]
    public async Task When_a_connection_says_nothing_any_more_the_sender_is_told_and_the_message_comes_once()
    {
        var name = await SharedPostgres.NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        await using var proxy = new PostgresProxy(server.Port);
        await using (var parts = await PostgresParts.StartAsync(server.ConnectionString(name, proxy.Port), _completions, time: _time))
        {
            proxy.LoseAnswerTo("lose this", staysOpen: true);
            var message = TestMessage.Of(Room, Ann, data: "lose this");
            await parts.Log.AppendAsync(message, CancellationToken.None);
            await Wait.UntilAsync(() => proxy.Lost == 1, "the answer to be lost");
            _time.Leap(TooLong);
            await message.WhenToldAsync();
            Assert.NotNull(message.Failure);
            _time.Leap(LongerThanATry);
            await Wait.UntilAsync(() => _completions.All.Count == 2, "the message to be found");
            var found = _completions.All.Last();
            Assert.Equal((1, "lose this", false), (found.Stored!.Seq, found.Data, found.IsDuplicate));
            Assert.Equal(1, await AssertNoGapAsync(parts, Room));
        }

        await server.DropDatabaseAsync(name);
    }

    [Fact]
    public async Task Killed_again_and_again_under_load_nothing_told_as_stored_is_lost_and_there_is_no_gap()
    {
        await using var server = await PostgresServer.StartAsync(fsync: true);
        await server.CreateDatabaseAsync("sailfish");
        await using var parts = await PostgresParts.StartAsync(server.ConnectionString("sailfish"), _completions);
        ConcurrentBag<Submission> sent = [];
        using var ending = new CancellationTokenSource();
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !ending.IsCancellationRequested; i++)
            {
                var message = TestMessage.Of(i % 2 == 0 ? Room : ConversationKey.Direct(App, Ann, 20_000 + caller), Ann, i % 3 == 0 ? $"{caller}/{i}" : null, $"{caller}/{i}");
                sent.Add(message);
                await parts.Log.AppendAsync(message, CancellationToken.None);
                if (i % 10 == 0)
                    await message.WhenToldAsync();
            }
        })));
        for (var round = 1; round <= 3; round++)
        {
            var before = _completions.All.Count(m => m.Stored is not null);
            await Wait.UntilAsync(() => _completions.All.Count(m => m.Stored is not null) > before + 200, "messages to be stored");
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await ending.CancelAsync();
        await sending;
        foreach (var message in sent)
            await message.WhenToldAsync();
        var stored = _completions.All.Where(m => m.Stored is not null).ToList();
        // One that was told as not known to be stored may have been found later: as another one, which is told of once.
        Assert.Equal(stored.Count, stored.Select(m => m.Data).Distinct().Count());
        Assert.DoesNotContain(stored, m => m.IsDuplicate);
        foreach (var conversation in stored.GroupBy(m => m.Conversation))
        {
            var page = await parts.History.ReadAsync(conversation.Key, 0, int.MaxValue, int.MaxValue, CancellationToken.None);
            Assert.Equal(Enumerable.Range(1, page.Messages.Count).Select(seq => (long)seq), page.Messages.Select(m => m.Seq));
            Assert.Equal(page.Messages.Select(m => (m.Seq, m.Data)), conversation.Select(m => (m.Stored!.Seq, m.Data)));
        }
    }

    [Fact]
    public async Task While_the_database_stands_still_senders_are_told_so_and_later_each_message_comes_once_or_not_at_all()
    {
        await using var server = await PostgresServer.StartAsync(fsync: false);
        await server.CreateDatabaseAsync("sailfish");
        await using var parts = await PostgresParts.StartAsync(server.ConnectionString("sailfish"), _completions, time: _time);
        await AppendAsync(parts, Message("first"));
        server.Hold();
        var onItsWay = Message("on its way");
        await parts.Log.AppendAsync(onItsWay, CancellationToken.None);
        var queued = Message("queued");
        await parts.Log.AppendAsync(queued, CancellationToken.None);
        _time.Leap(TooLong);
        await onItsWay.WhenToldAsync();
        await queued.WhenToldAsync();
        Assert.NotNull(onItsWay.Failure);
        Assert.NotNull(queued.Failure);
        _time.Leap(LongerThanATry);
        server.GoOn();
        await AppendAsync(parts, Message("last"));
        var found = _completions.All.Where(m => m.Stored is not null).Select(m => m.Data).ToList();
        Assert.Equal(found, (await parts.History.ReadAsync(Room, 0, 100, int.MaxValue, CancellationToken.None)).Messages.Select(m => m.Data));
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Contains("last", found);
    }

    [Fact]
    public async Task A_commit_that_does_not_wait_for_the_standby_is_none()
    {
        await using var server = await PostgresServer.StartAsync(fsync: false);
        await server.CreateDatabaseAsync("sailfish");
        await using var parts = await PostgresParts.StartAsync(server.ConnectionString("sailfish"), _completions);
        await AppendAsync(parts, Message("first"));
        await server.SqlAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await server.SqlAsync("SELECT pg_reload_conf()");
        await Wait.UntilAsync(async () => await server.SqlAsync("SHOW synchronous_standby_names") == "nobody", "the setting");
        var message = Message("second");
        await parts.Log.AppendAsync(message, CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            // Whoever cancels it makes it say that it is done.
            await Wait.UntilAsync(
                async () => (await server.SqlAsync("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")).Contains('t', StringComparison.Ordinal),
                "the log to wait for the standby");
        }

        Assert.Equal(1, _completions.All.Count(m => m.Stored is not null));
        await server.SqlAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await server.SqlAsync("SELECT pg_reload_conf()");
        await Wait.UntilAsync(() => _completions.All.Count(m => m.Stored is not null) == 2, "the message to be stored");
        Assert.Equal((2, false), (_completions.All.Last().Stored!.Seq, _completions.All.Last().IsDuplicate));
        Assert.Equal(2, await AssertNoGapAsync(parts, Room));
    }

    [Fact]
    public async Task A_log_that_is_stopped_while_its_database_is_away_tells_all_and_ends()
    {
        await using var server = await PostgresServer.StartAsync(fsync: false);
        await server.CreateDatabaseAsync("sailfish");
        await using var parts = await PostgresParts.StartAsync(server.ConnectionString("sailfish"), _completions);
        await AppendAsync(parts, Message("first"));
        await server.KillAsync();
        Submission[] messages = [.. Enumerable.Range(0, 1000).Select(i => Message($"{i}"))];
        foreach (var message in messages)
            await parts.Log.AppendAsync(message, CancellationToken.None);
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await parts.Log.StopAsync(atOnce.Token);
        await Wait.UntilAsync(() => _completions.Closings == 1, "the log to end");
        Assert.All(messages, m => Assert.NotNull(m.Failure));
        Assert.False(_completions.IsRepeated);
    }

    [Fact]
    public async Task Who_reads_after_a_restart_of_the_database_reads()
    {
        await using var server = await PostgresServer.StartAsync(fsync: false);
        await server.CreateDatabaseAsync("sailfish");
        await using var parts = await PostgresParts.StartAsync(server.ConnectionString("sailfish"), _completions);
        await AppendAsync(parts, Message("first"));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AssertNoGapAsync(parts, Room)));
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(1, await parts.History.NewestSeqAsync(Room, CancellationToken.None));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AssertNoGapAsync(parts, Room)));
    }

    private static Submission Message(string data) => TestMessage.Of(Room, Bob, data: data);

    private static async Task AppendAsync(PostgresParts parts, Submission message)
    {
        await parts.Log.AppendAsync(message, CancellationToken.None);
        await message.WhenToldAsync();
        Assert.NotNull(message.Stored);
    }

    /// <summary>Gives how many there are.</summary>
    private static async Task<int> AssertNoGapAsync(PostgresParts parts, ConversationKey conversation)
    {
        var page = await parts.History.ReadAsync(conversation, 0, int.MaxValue, int.MaxValue, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, page.Messages.Count).Select(seq => (long)seq), page.Messages.Select(m => m.Seq));
        return page.Messages.Count;
    }
}
