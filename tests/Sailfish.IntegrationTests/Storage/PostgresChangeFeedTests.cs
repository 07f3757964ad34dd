using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Every change that is committed is heard of, however long its transaction took, and whatever else there is.</summary>
public sealed class PostgresChangeFeedTests : IAsyncLifetime
{
    private static readonly Change Revoked = new(ChangeKind.Revocation, 1, 10_001);
    private readonly LeapingTime _time = new();
    private readonly List<Change> _heard = [];
    private readonly List<PostgresChangeFeed> _feeds = [];
    private readonly ChangeBell _bell = new();
    private string _name = "";
    private int _readAlls;
    private PostgresDatabase? _database;

    private PostgresDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        _database = new PostgresDatabase(
            Options.Create(new ClusterOptions { Database = server.ConnectionString(_name) }), NullLogger<PostgresDatabase>.Instance, bell: _bell);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in _feeds)
        {
            await feed.StopAsync(CancellationToken.None);
            feed.Dispose();
        }

        if (_database is not null)
            await _database.DisposeAsync();
        if (_name.Length > 0)
            await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task What_a_store_writes_is_heard_once()
    {
        await TellAsync(new Change(ChangeKind.Tag, 1, 1));
        await StartAsync();
        await new PostgresRevocationStore(Database).SaveAsync(new Revocation(1, 10_001, 5), CancellationToken.None);
        await Wait.UntilAsync(() => Heard().Contains(Revoked));
        await TellAsync(new Change(ChangeKind.Connection, 1, 2, 3, "replaced"));
        await Wait.UntilAsync(() => Heard().Contains(new Change(ChangeKind.Connection, 1, 2, 3, "replaced")));
        await LooksAsync(3);
        // Nothing of a kind that nobody asked for, and of nothing more than once.
        Assert.Equal([Revoked, new Change(ChangeKind.Connection, 1, 2, 3, "replaced")], Heard());
    }

    [Fact]
    public async Task Who_hurries_it_does_not_wait()
    {
        var feed = await StartAsync(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++)
        {
            var change = new Change(ChangeKind.Account, A: i);
            await TellAsync(change);
            feed.Hurry();
            await Wait.UntilAsync(() => Heard().Contains(change));
        }
    }

    [Fact]
    public async Task A_transaction_that_stays_open_for_seconds_and_commits_late_is_not_missed()
    {
        await StartAsync();
        await using var connection = await Database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var late = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await connection.TellAsync(Revoked);
        // Later ones are handed out meanwhile.
        for (var i = 0; i < 10; i++)
        {
            await TellAsync(new Change(ChangeKind.Account, A: i));
            await Wait.UntilAsync(() => Heard().Contains(new Change(ChangeKind.Account, A: i)));
            // Several looks of the feed.
            await Pause.ForAsync(300);
        }

        await late.CommitAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => Heard().Contains(Revoked));
        await LooksAsync(3);
        Assert.Equal(11, Heard().Length);
    }

    [Fact]
    public async Task A_transaction_that_began_long_before_it_wrote_is_not_missed_and_nothing_comes_twice_for_it()
    {
        await using var connection = await Database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var late = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await connection.IsAsync("SELECT true");
        await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await TellAsync(new Change(ChangeKind.Account, A: i));
            // Several looks of the feed.
            await Pause.ForAsync(300);
        }

        await connection.TellAsync(Revoked);
        await LooksAsync(2);
        await late.CommitAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => Heard().Contains(Revoked));
        await LooksAsync(3);
        Assert.Equal(6, Heard().Length);
    }

    [Fact]
    public async Task What_could_not_be_taken_over_comes_again_and_the_others_do_not()
    {
        var feed = New();
        var tries = 0;
        feed.On(ChangeKind.App, _ => ++tries < 3 ? Task.FromException(new IOException("It is broken.")) : Task.CompletedTask);
        await feed.StartAsync(CancellationToken.None);
        await TellAsync(new Change(ChangeKind.App, 1));
        await TellAsync(Revoked);
        await Wait.UntilAsync(() => Volatile.Read(ref tries) == 3);
        await LooksAsync(3);
        Assert.Equal(3, tries);
        Assert.Single(Heard(), Revoked);
    }

    [Fact]
    public async Task Who_could_not_look_for_more_than_an_hour_reads_everything_anew()
    {
        await StartAsync();
        await LooksAsync(1);
        Assert.Equal(0, Volatile.Read(ref _readAlls));
        _time.Leap(TimeSpan.FromMinutes(61));
        await Wait.UntilAsync(() => Volatile.Read(ref _readAlls) == 1);
        await LooksAsync(3);
        Assert.Equal(1, Volatile.Read(ref _readAlls));
    }

    [Fact]
    public async Task With_another_era_everything_is_read_anew_and_what_is_told_meanwhile_is_not_missed()
    {
        var feed = New();
        var isTold = false;
        feed.OnMissed(async () =>
        {
            if (isTold)
                return;
            isTold = true;
            await TellAsync(Revoked);
            throw new IOException("It is broken.");
        });
        await feed.StartAsync(CancellationToken.None);
        await feed.EraBegunAsync(CancellationToken.None);
        await Wait.UntilAsync(() => Heard().Contains(Revoked));
        // It was tried again until it went well.
        Assert.Equal(2, Volatile.Read(ref _readAlls));
    }

    [Fact]
    public async Task Changes_that_all_have_heard_of_are_deleted_and_no_others()
    {
        await TellAsync(Revoked);
        await Database.WriteAsync(connection => connection.ExecuteAsync(
            "INSERT INTO change (at, kind, a) SELECT clock_timestamp() - interval '121 min', 4, n FROM generate_series(1, 12000) n"));
        using var sweep = new ChangeSweep(Database, _time, NullLogger<ChangeSweep>.Instance);
        Assert.Equal(12_000, await sweep.RunOnceAsync(CancellationToken.None));
        Assert.Equal(0, await sweep.RunOnceAsync(CancellationToken.None));
        Assert.Equal(1, await Database.ReadAsync(connection => connection.NumberAsync("SELECT count(*) FROM change")));
    }

    [Fact]
    public async Task The_bell_rings_for_what_is_committed_and_for_changes_alone()
    {
        var rung = 0;
        _bell.Rung += () => rung++;
        await TellAsync(Revoked);
        Assert.Equal(1, rung);
        await Database.WriteAsync(connection => connection.LockUserAsync(1, 10_001));
        await Assert.ThrowsAsync<PostgresException>(() => Database.WriteAsync(async connection =>
        {
            await connection.TellAsync(Revoked);
            await connection.ExecuteAsync("SELECT 1 / 0");
        }));
        Assert.Equal(1, rung);
    }

    private PostgresChangeFeed New(TimeSpan? interval = null)
    {
        var feed = new PostgresChangeFeed(Database, _time, NullLogger<PostgresChangeFeed>.Instance) { Interval = interval ?? TimeSpan.FromMilliseconds(100) };
        foreach (var kind in new[] { ChangeKind.Revocation, ChangeKind.Account, ChangeKind.Connection })
            feed.On(kind, HearAsync);
        feed.OnMissed(() =>
        {
            Interlocked.Increment(ref _readAlls);
            return Task.CompletedTask;
        });
        _feeds.Add(feed);
        return feed;
    }

    private async Task<PostgresChangeFeed> StartAsync(TimeSpan? interval = null)
    {
        var feed = New(interval);
        await feed.StartAsync(CancellationToken.None);
        return feed;
    }

    private Task TellAsync(Change change) => Database.WriteAsync(connection => connection.TellAsync(change));

    private Task HearAsync(Change change)
    {
        lock (_heard)
            _heard.Add(change);
        return Task.CompletedTask;
    }

    private Change[] Heard()
    {
        lock (_heard)
            return [.. _heard];
    }

    /// <summary>Until so many looks have begun and ended: what they saw was handed out.</summary>
    private async Task LooksAsync(int count)
    {
        var mark = new Change(ChangeKind.Connection, 1, B: Random.Shared.NextInt64());
        for (var i = 0; i < count; i++)
        {
            mark = mark with { A = i };
            await TellAsync(mark);
            await Wait.UntilAsync(() => Heard().Contains(mark));
            lock (_heard)
                _heard.Remove(mark);
        }
    }
}
