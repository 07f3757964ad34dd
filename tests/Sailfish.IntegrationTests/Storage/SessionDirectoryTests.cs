using System.Globalization;
using Npgsql;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What several nodes are promised of the directory of their sessions, with a real database.</summary>
public sealed class SessionDirectoryTests : IAsyncLifetime
{
    private const long Ann = 10001;
    private const long Bob = 10002;
    private TwoNodes? _nodes;

    private DirectoryNode One => _nodes!.One;

    private DirectoryNode Two => _nodes!.Two;

    public async ValueTask InitializeAsync() => _nodes = await TwoNodes.StartAsync(most: 3);

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }

    [Fact]
    public async Task A_session_is_seen_by_all_nodes_from_its_entry_to_its_end()
    {
        var session = One.NewSession(Ann, "phone");
        var entry = await One.Directory.EnterAsync(session);
        Assert.Equal((false, true, 0), (entry.IsRefused, entry.CameOnline, entry.Removed.Count));
        var row = Assert.Single(await FindAsync(Two, Ann));
        Assert.Equal((session.Connection.Id, One.Lease.Generation, "phone", "test"), (row.ConnectionId, row.Node, row.Device, row.Platform));
        Assert.InRange(row.Since - session.Since, -1000, 60_000);
        Assert.Equal([Ann], await Two.Directory.OnlineAsync(1, [Ann, Bob], CancellationToken.None));
        Assert.Empty(await Two.Directory.OnlineAsync(2, [Ann, Bob], CancellationToken.None));
        Assert.True((await One.Directory.LeaveAsync(session)).WentOffline);
        Assert.Empty(await FindAsync(Two, Ann));
        Assert.False((await One.Directory.LeaveAsync(session)).WentOffline);
    }

    [Fact]
    public async Task A_user_comes_and_goes_once_over_all_nodes_and_the_epochs_rise()
    {
        var (here, there) = (One.NewSession(Ann), Two.NewSession(Ann));
        var first = await One.Directory.EnterAsync(here);
        var second = await Two.Directory.EnterAsync(there);
        var left = await One.Directory.LeaveAsync(here);
        var last = await Two.Directory.LeaveAsync(there);
        var again = await One.Directory.EnterAsync(One.NewSession(Ann));
        Assert.Equal([true, false, false, true, true], new[] { first.CameOnline, second.CameOnline, left.WentOffline, last.WentOffline, again.CameOnline });
        long[] epochs = [first.Epoch, second.Epoch, left.Epoch, last.Epoch, again.Epoch];
        Assert.Equal(epochs.Order().Distinct(), epochs);
    }

    [Fact]
    public async Task Epochs_do_not_fall_when_a_crash_has_emptied_the_tables()
    {
        await BeginEraAsync();
        var before = (await One.Directory.EnterAsync(One.NewSession(Ann))).Epoch;
        await One.DoAsync("TRUNCATE era, presence, session");
        // Before anybody has begun the next era, and after it.
        var between = (await One.Directory.EnterAsync(One.NewSession(Ann))).Epoch;
        await One.DoAsync("TRUNCATE presence");
        await BeginEraAsync();
        var after = (await One.Directory.EnterAsync(One.NewSession(Ann))).Epoch;
        Assert.Equal([1L, 2L, 2L], new[] { before, between, after }.Select(epoch => epoch >> 32));
        Assert.True(before < between && before < after);
    }

    [Fact]
    public async Task The_same_device_on_two_nodes_at_once_leaves_the_later_session_and_each_other_is_told_of()
    {
        for (var round = 0; round < 200; round++)
        {
            var sessions = new[] { One.NewSession(Ann, "phone"), Two.NewSession(Ann, "phone") };
            var entries = await Task.WhenAll(One.Directory.EnterAsync(sessions[0]), Two.Directory.EnterAsync(sessions[1]));
            var row = Assert.Single(await FindAsync(One, Ann));
            var gone = Assert.Single(sessions, session => session.Connection.Id != row.ConnectionId);
            var told = Assert.Single(entries.SelectMany(entry => entry.Removed), removed => removed.Session.ConnectionId == gone.Connection.Id);
            Assert.Equal(ByeReason.Replaced, told.Reason);
            Assert.True(row.Since >= told.Session.Since, "The later one stays.");
        }
    }

    [Theory]
    [InlineData(5000, 0, true)]
    [InlineData(0, 5000, false)]
    public async Task Of_one_device_the_later_login_stays_whoever_is_stored_first(long firstAge, long secondAge, bool secondStays)
    {
        var (first, second) = (One.NewSession(Ann, "phone", firstAge), Two.NewSession(Ann, "phone", secondAge));
        var entries = new[] { await One.Directory.EnterAsync(first), await Two.Directory.EnterAsync(second) };
        var (stays, goes) = secondStays ? (second, first) : (first, second);
        Assert.Equal(stays.Connection.Id, Assert.Single(await FindAsync(One, Ann)).ConnectionId);
        Assert.Empty(entries[0].Removed);
        var (removed, reason) = Assert.Single(entries[1].Removed);
        Assert.Equal((goes.Connection.Id, ByeReason.Replaced), (removed.ConnectionId, reason));
        Assert.Equal(secondStays ? [goes.Connection.Id] : [], await ClosedAsync("replaced"));
    }

    [Fact]
    public async Task A_session_from_before_the_clock_was_set_back_goes_for_a_new_one()
    {
        var old = One.NewSession(Ann, "phone");
        await One.Directory.EnterAsync(old);
        await One.DoAsync("UPDATE session SET since = since + 60000");
        var entry = await Two.Directory.EnterAsync(Two.NewSession(Ann, "phone"));
        Assert.Equal(old.Connection.Id, Assert.Single(entry.Removed).Session.ConnectionId);
        Assert.Single(await FindAsync(One, Ann));
    }

    [Fact]
    public async Task Beyond_the_most_of_a_user_the_oldest_of_all_nodes_go()
    {
        List<Session> sessions = [];
        for (var i = 0; i < 5; i++)
        {
            var node = i % 2 == 0 ? One : Two;
            sessions.Add(node.NewSession(Ann, $"device {i}", age: 5000 - (i * 1000)));
            var entry = await node.Directory.EnterAsync(sessions[^1]);
            Assert.Equal(i < 3 ? [] : [(sessions[i - 3].Connection.Id, "too_many_sessions")], entry.Removed.Select(r => (r.Session.ConnectionId, r.Reason.Word)));
        }

        Assert.Equal(sessions[2..].Select(s => s.Connection.Id), (await FindAsync(One, Ann)).Select(row => row.ConnectionId));
        Assert.Equal(sessions[..2].Select(s => s.Connection.Id), await ClosedAsync("too_many_sessions"));
        // One that is older than those that are there goes itself.
        var late = One.NewSession(Ann, age: 10_000);
        Assert.Equal(late.Connection.Id, Assert.Single((await One.Directory.EnterAsync(late)).Removed).Session.ConnectionId);
        Assert.Equal(3, (await FindAsync(One, Ann)).Count);
    }

    [Fact]
    public async Task What_a_dead_node_has_left_does_not_count()
    {
        await One.Directory.EnterAsync(One.NewSession(Ann));
        await One.DoAsync($"UPDATE node SET lease_until = '-infinity' WHERE generation = {One.Lease.Generation}");
        Assert.Empty(await FindAsync(Two, Ann));
        Assert.Empty(await Two.Directory.OnlineAsync(1, [Ann], CancellationToken.None));
        var session = Two.NewSession(Ann);
        Assert.True((await Two.Directory.EnterAsync(session)).CameOnline);
        Assert.True((await Two.Directory.LeaveAsync(session)).WentOffline);
    }

    [Fact]
    public async Task Without_a_lease_nobody_is_listed_until_there_is_one_again()
    {
        await One.DoAsync($"UPDATE node SET lease_until = '-infinity' WHERE generation = {One.Lease.Generation}");
        var entering = One.Directory.EnterAsync(One.NewSession(Ann));
        await Wait.UntilAsync(() => !One.Lease.IsValid, "the directory to find out");
        Assert.False(entering.IsCompleted);
        Assert.Equal(0, await One.NumberAsync("SELECT count(*) FROM session"));
        await One.DoAsync($"UPDATE node SET lease_until = 'infinity' WHERE generation = {One.Lease.Generation}");
        One.Lease.Extend(long.MaxValue);
        Assert.True((await entering).CameOnline);
    }

    [Fact]
    public async Task A_node_is_not_given_up_while_it_lists_a_session()
    {
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.LockUserAsync(1, Ann);
        var entering = One.Directory.EnterAsync(One.NewSession(Ann));
        await WaitForWaitingAsync(1);
        await using var reaper = await OpenAsync();
        var reaping = reaper.ExecuteAsync($"DELETE FROM node WHERE generation = {One.Lease.Generation}");
        await WaitForWaitingAsync(2);
        await transaction.CommitAsync();
        await entering;
        Assert.Equal(1, await reaping);
    }

    [Fact]
    public async Task Whoever_is_kicked_while_logging_in_is_refused_or_found()
    {
        var store = new PostgresRevocationStore(Two.Database);
        for (var round = 0; round < 100; round++)
        {
            var user = Ann + round;
            var session = One.NewSession(user, mintedAt: 1000);
            var entering = One.Directory.EnterAsync(session);
            await store.SaveAsync(new Revocation(1, user, 1000), CancellationToken.None);
            var found = await FindAsync(Two, user);
            var entry = await entering;
            Assert.Equal(entry.IsRefused, found.Count == 0);
        }

        // A token that was minted later is none of those.
        Assert.True((await One.Directory.EnterAsync(One.NewSession(Ann, mintedAt: 1000))).IsRefused);
        Assert.False((await One.Directory.EnterAsync(One.NewSession(Ann, mintedAt: 1001))).IsRefused);
        await new PostgresSuspensionStore(Two.Database).SaveAsync(new Suspension(1, Ann, long.MaxValue), CancellationToken.None);
        Assert.True((await One.Directory.EnterAsync(One.NewSession(Ann, mintedAt: 1001))).IsRefused);
    }

    [Fact]
    public async Task A_session_that_ends_before_it_is_listed_is_not()
    {
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.LockUserAsync(1, Ann);
        // The first is on its way already.
        var (first, second) = (One.NewSession(Ann), One.NewSession(Bob));
        var entering = One.Directory.EnterAsync(first);
        await WaitForWaitingAsync(1);
        var waiting = One.Directory.EnterAsync(second);
        var left = One.Directory.LeaveAsync(second);
        var gone = One.Directory.LeaveAsync(first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False((await left).WentOffline);
        await transaction.CommitAsync();
        Assert.True((await entering).CameOnline);
        Assert.True((await gone).WentOffline);
        Assert.Equal(0, await One.NumberAsync("SELECT count(*) FROM session"));
    }

    [Fact]
    public async Task A_user_who_comes_and_goes_a_hundred_times_at_once_is_there_as_the_last_time()
    {
        List<Task> all = [];
        Session? last = null;
        for (var i = 0; i < 100; i++)
        {
            if (last is not null)
                all.Add(One.Directory.LeaveAsync(last));
            last = One.NewSession(Ann, "phone");
            all.Add(One.Directory.EnterAsync(last));
        }

        await Wait.UntilAsync(() => all.TrueForAll(task => task.IsCompleted));
        Assert.Equal(last!.Connection.Id, Assert.Single(await FindAsync(Two, Ann)).ConnectionId);
    }

    [Fact]
    public async Task What_the_database_does_not_hold_fails_alone()
    {
        var entering = Enumerable.Range(0, 50).Select(i => One.Directory.EnterAsync(One.NewSession(Ann + i, i == 20 ? "ph\0one" : "phone"))).ToList();
        await Assert.ThrowsAsync<UnstorableTextException>(() => entering[20]);
        entering.RemoveAt(20);
        Assert.All(await Task.WhenAll(entering), entry => Assert.True(entry.CameOnline));
        Assert.Equal(49, await One.NumberAsync("SELECT count(*) FROM session"));
    }

    [Fact]
    public async Task A_login_whose_answer_was_lost_is_one_session()
    {
        await using var proxy = new PostgresProxy((await SharedPostgres.ServerAsync()).Port);
        await using var node = await DirectoryNode.StartAsync((await SharedPostgres.ServerAsync()).ConnectionString(_nodes!.Name, proxy.Port));
        await node.Directory.EnterAsync(node.NewSession(Bob));
        var old = One.NewSession(Ann, "phone");
        await One.Directory.EnterAsync(old);
        proxy.LoseAnswerTo("phone");
        var session = node.NewSession(Ann, "phone");
        Assert.False((await node.Directory.EnterAsync(session)).IsRefused);
        Assert.Equal(1, proxy.Lost);
        Assert.Equal(session.Connection.Id, Assert.Single(await FindAsync(One, Ann)).ConnectionId);
        // Whoever had the device hears of it by the feed.
        Assert.Equal([old.Connection.Id], await ClosedAsync("replaced"));
    }

    [Fact]
    public async Task While_the_database_is_held_logins_wait_and_keep_their_time()
    {
        await using var server = await PostgresServer.StartAsync(fsync: false);
        await server.CreateDatabaseAsync("sailfish");
        await using var node = await DirectoryNode.StartAsync(server.ConnectionString("sailfish"));
        var first = node.NewSession(Ann, "phone", age: 3000);
        server.Hold();
        var entering = node.Directory.EnterAsync(first);
        // Time in which a database that is there would have answered.
        await Pause.ForAsync(TimeSpan.FromMilliseconds(300));
        Assert.False(entering.IsCompleted);
        server.GoOn();
        await entering;
        await server.KillAsync();
        var second = node.NewSession(Ann, "phone");
        entering = node.Directory.EnterAsync(second);
        // Time in which a database that is there would have answered.
        await Pause.ForAsync(TimeSpan.FromMilliseconds(300));
        Assert.False(entering.IsCompleted);
        await server.StartAgainAsync();
        await entering;
        // The crash has emptied the table: the first is listed again, and has been overtaken meanwhile.
        var again = await node.Directory.EnterAsync(first, isAgain: true);
        Assert.Equal(first.Connection.Id, Assert.Single(again.Removed).Session.ConnectionId);
        Assert.Equal(second.Connection.Id, Assert.Single(await FindAsync(node, Ann)).ConnectionId);
    }

    [Fact]
    public async Task A_storm_of_logins_is_written_many_at_a_time()
    {
        const int Count = 10_000;
        var sessions = Enumerable.Range(0, Count).Select(i => (i % 2 == 0 ? One : Two).NewSession(Ann + i, "phone")).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(sessions.Select((session, i) => (i % 2 == 0 ? One : Two).Directory.EnterAsync(session)));
        var took = TimeProvider.System.GetElapsedTime(started);
        Assert.Equal(Count, await One.NumberAsync("SELECT count(*) FROM session"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} logins took {took.TotalSeconds:0.00} s"));
        Assert.InRange(await One.NumberAsync("SELECT count(DISTINCT xmin::text) FROM session"), 1, Count / 20);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_user_who_logs_in_again_and_again_lets_nobody_wait()
    {
        const int Count = 1000;
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.LockUserAsync(1, Ann);
        var sessions = Enumerable.Range(0, Count).Select(_ => One.NewSession(Ann)).ToList();
        var entering = sessions.ConvertAll(session => One.Directory.EnterAsync(session));
        await WaitForWaitingAsync(1);
        var bob = One.Directory.EnterAsync(One.NewSession(Bob));
        await transaction.CommitAsync();
        Assert.True((await bob).CameOnline);
        // Each that was written has raised it, and there were few.
        Assert.InRange(await EpochAsync(Ann) - await EpochAsync(Bob), 0, 10);
        var entries = await Task.WhenAll(entering);
        // All began in one moment, so it may be any three. Each of the others has ended once, and nothing is left to be taken out.
        var listed = (await FindAsync(Two, Ann)).Select(row => row.ConnectionId).ToHashSet();
        Assert.Equal(3, listed.Count);
        var others = sessions.Where(session => !listed.Contains(session.Connection.Id)).ToList();
        var ended = entries.SelectMany(entry => entry.Removed).ToList();
        Assert.All(ended, removed => Assert.Equal(ByeReason.TooManySessions, removed.Reason));
        Assert.Equal(others.Select(session => session.Connection.Id), ended.Select(removed => removed.Session.ConnectionId).Order());
        Assert.All(await Task.WhenAll(others.Select(One.Directory.LeaveAsync)), exit => Assert.False(exit.WentOffline));
    }

    /// <summary>They are let in after a while, and would be as many as there are connections.</summary>
    [Fact]
    public async Task While_the_database_is_away_no_more_of_a_user_wait_than_may_be_there()
    {
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.LockUserAsync(1, Bob);
        var held = One.Directory.EnterAsync(One.NewSession(Bob));
        await WaitForWaitingAsync(1);
        var sessions = Enumerable.Range(0, 8).Select(i => One.NewSession(Ann, i is 0 or 7 ? "phone" : null)).ToList();
        var entering = sessions.ConvertAll(session => One.Directory.EnterAsync(session));
        var ended = (await Task.WhenAll(entering.SkipLast(3))).Select(entry => Assert.Single(entry.Removed)).ToList();
        Assert.Equal(sessions.SkipLast(3).Select(session => session.Connection.Id), ended.Select(removed => removed.Session.ConnectionId));
        Assert.All(entering.TakeLast(3), waiting => Assert.False(waiting.IsCompleted));
        await transaction.CommitAsync();
        await held;
        await Task.WhenAll(entering);
        Assert.Equal(3, (await FindAsync(Two, Ann)).Count);
    }

    [Fact]
    public async Task At_the_end_of_the_node_the_last_logouts_are_written()
    {
        var sessions = Enumerable.Range(0, 300).Select(i => One.NewSession(Ann + i)).ToList();
        await Task.WhenAll(sessions.Select(session => One.Directory.EnterAsync(session)));
        var leaving = Task.WhenAll(sessions.Select(One.Directory.LeaveAsync));
        await One.StopAsync();
        Assert.All(await leaving, exit => Assert.True(exit.WentOffline));
        Assert.Equal(0, await Two.NumberAsync("SELECT count(*) FROM session"));
        Assert.False((await One.Directory.LeaveAsync(One.NewSession(Ann))).WentOffline);
    }

    private static ValueTask<IReadOnlyList<SessionRow>> FindAsync(DirectoryNode node, long user) => node.Directory.FindAsync(new UserKey(1, user), CancellationToken.None);

    /// <summary>The connections whose ends all nodes are told.</summary>
    private async Task<IReadOnlyList<long>> ClosedAsync(string reason) => await One.Database.ReadAsync(connection => connection.ListAsync(
        row => row.GetInt64(0), "SELECT a FROM change c JOIN node n ON n.generation = c.b WHERE kind = $1 AND app_id = 1 AND word = $2 ORDER BY id", (short)ChangeKind.Connection, reason));

    private Task<long> EpochAsync(long user) => One.NumberAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT epoch FROM presence WHERE user_id = {user}"));

    private Task BeginEraAsync() => One.DoAsync("INSERT INTO era (id, number) VALUES (gen_random_uuid(), nextval('era_number'))");

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_nodes!.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private Task WaitForWaitingAsync(int count) => Wait.UntilAsync(
        async () => await One.NumberAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == count, "statements to wait");
}
