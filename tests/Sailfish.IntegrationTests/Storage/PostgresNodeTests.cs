using Sailfish.Server.Events;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A node is on the list of nodes while it runs, holds its lease while it has the database, and knows what becomes of the others.</summary>
public sealed class PostgresNodeTests : IAsyncLifetime
{
    private const string Database = "sailfish";
    private readonly LeapingTime _time = new();
    private readonly List<NodeParts> _nodes = [];
    private PostgresServer? _server;

    private PostgresServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(fsync: false);
        await Server.CreateDatabaseAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_start_has_a_generation_of_its_own_and_leaves_when_it_stops()
    {
        var one = await StartAsync();
        var other = await StartAsync();
        Assert.True(other.Lease.Generation > one.Lease.Generation);
        Assert.Equal(2, await CountAsync("node WHERE lease_until > clock_timestamp()"));
        await AddSessionAsync(other, 10_001);
        await SqlAsync($"INSERT INTO room_node (app_id, room_id, node) VALUES (1, 7, {other.Lease.Generation})");
        await other.StopAsync();
        Assert.Equal((0, 0), (await CountAsync("session"), await CountAsync("room_node")));
        var next = await StartAsync();
        Assert.True(next.Lease.Generation > other.Lease.Generation);
        Assert.Equal(2, await CountAsync("node"));
    }

    [Fact]
    public async Task A_lease_ends_while_the_database_says_nothing_and_holds_again_afterwards()
    {
        var node = await StartAsync();
        var generation = node.Lease.Generation;
        Assert.True(node.Lease.IsValid);
        Server.Hold();
        _time.Leap(TimeSpan.FromSeconds(8));
        Assert.False(node.Lease.IsValid);
        await Wait.UntilAsync(() => !node.View.IsDatabaseUp);
        Server.GoOn();
        await Wait.UntilAsync(() => node.Lease.IsValid && node.View.IsDatabaseUp, "a renewal");
        await Server.KillAsync();
        _time.Leap(TimeSpan.FromSeconds(8));
        Assert.False(node.Lease.IsValid);
        await Wait.UntilAsync(() => !node.View.IsDatabaseUp);
        await Server.StartAgainAsync();
        await Wait.UntilAsync(() => node.Lease.IsValid && node.View.IsDatabaseUp, "a renewal");
        Assert.Equal(1, await CountAsync($"node WHERE generation = {generation} AND lease_until > clock_timestamp()"));
        // Nobody was given up: but the crash has emptied the tables that tell who is where.
        await Wait.UntilAsync(() => node.Heard.Length == 2);
        Assert.Equal(["begun", "era"], node.Heard);
    }

    [Fact]
    public async Task A_renewal_does_not_wait_for_the_standby()
    {
        var node = await StartAsync();
        await Server.SqlAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await Server.SqlAsync("SELECT pg_reload_conf()");
        await Wait.UntilAsync(async () => await Server.SqlAsync("SHOW synchronous_standby_names") == "nobody", "the setting");
        _time.Leap(TimeSpan.FromSeconds(8));
        await Wait.UntilAsync(() => node.Lease.IsValid, "a renewal");
        // Nor does a new era.
        await SqlAsync("SET synchronous_commit = local; TRUNCATE era");
        await Wait.UntilAsync(() => node.Heard.Contains("era"));
        await Server.SqlAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await Server.SqlAsync("SELECT pg_reload_conf()");
        await node.StopAsync();
        Assert.Equal(0, await CountAsync("node"));
    }

    [Fact]
    public async Task A_node_that_was_given_up_ends_what_it_had_and_begins_anew()
    {
        var node = await StartAsync();
        var generation = node.Lease.Generation;
        var numbers = new NodeNumbers(node.Lease);
        var before = numbers.Next();
        await AddSessionAsync(node, 10_001);
        // As it is when somebody else has taken the row away, and nothing else.
        await SqlAsync("DELETE FROM node");
        await Wait.UntilAsync(() => node.Heard.Length == 3);
        Assert.Equal(["begun", "given up", "begun"], node.Heard);
        Assert.True(node.Lease.IsValid);
        Assert.True(node.Lease.Generation > generation);
        Assert.True(numbers.Next() > before);
        Assert.Equal(1, await CountAsync($"node WHERE generation = {node.Lease.Generation}"));
        Assert.Equal(0, await CountAsync("session"));
        await Wait.UntilAsync(() => node.View.Nodes.Select(other => other.Generation).SequenceEqual([node.Lease.Generation]));
    }

    [Fact]
    public async Task A_node_that_was_given_up_begins_anew_also_when_the_database_is_away_meanwhile()
    {
        await using var proxy = new PostgresProxy(Server.Port);
        var node = await StartAsync(proxy.Port);
        node.GivenUp = () => proxy.LoseAnswerTo("INSERT INTO node");
        await SqlAsync("DELETE FROM node");
        await Wait.UntilAsync(() => node.Heard.Length == 3, TimeSpan.FromSeconds(30), () => "it to begin");
        // Told once, however often it is tried.
        Assert.Equal(["begun", "given up", "begun"], node.Heard);
        Assert.True(node.Lease.IsValid);
        Assert.Equal(1, await CountAsync($"node WHERE generation = {node.Lease.Generation}"));
    }

    [Fact]
    public async Task Nodes_see_each_other_with_what_each_tells_of_itself()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await Wait.UntilAsync(() => one.View.Nodes.Count == 2 && other.View.Nodes.Count == 2);
        var seen = other.View.Nodes[0];
        Assert.Equal((one.Lease.Generation, Environment.MachineName, 0, false), (seen.Generation, seen.Name, seen.Connections, seen.IsDraining));
        Assert.InRange(seen.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        one.Server.Draining();
        await Wait.UntilAsync(() => other.View.Nodes[0].IsDraining);
        await one.StopAsync();
        await Wait.UntilAsync(() => other.Heard.Length == 2);
        Assert.Equal(["begun", $"gone {one.Lease.Generation}"], other.Heard);
        Assert.Equal([other.Lease.Generation], other.View.Nodes.Select(node => node.Generation));
    }

    [Fact]
    public async Task That_it_drains_is_told_at_once()
    {
        var node = await StartAsync(interval: TimeSpan.FromMinutes(1));
        node.Server.Draining();
        await Wait.UntilAsync(async () => await CountAsync("node WHERE draining") == 1, "it to be told");
    }

    [Fact]
    public async Task A_silent_node_is_given_up_with_its_sessions_and_rooms_and_who_is_left_without_a_session_is_offline()
    {
        var (node, silent) = (await StartAsync(), await StartAsync());
        await AddSessionAsync(silent, 10_001);
        await AddSessionAsync(silent, 10_002);
        await AddSessionAsync(node, 10_002);
        foreach (var parts in new[] { node, silent })
            await SqlAsync($"INSERT INTO room_node (app_id, room_id, node) VALUES (1, 7, {parts.Lease.Generation})");
        silent.Silence();
        await LeapAsync(node, () => node.Heard.Length == 2);
        Assert.Equal(["begun", $"gone {silent.Lease.Generation}"], node.Heard);
        var epoch = long.Parse(await SqlAsync("SELECT epoch FROM presence WHERE user_id = 10001"), null);
        Assert.Equal(new DomainEvent(EventTypes.UserOffline, 1, 10_001, epoch), await node.EventAsync());
        Assert.Equal($"1|10002|{node.Lease.Generation}", await SqlAsync("SELECT app_id, user_id, node FROM session"));
        Assert.Equal($"{node.Lease.Generation}", await SqlAsync("SELECT node FROM room_node"));
        // Each epoch of the era begins with its number.
        Assert.Equal("t|t", await SqlAsync("SELECT bool_and(p.epoch >> 32 = e.number), max(p.epoch) = (max(e.number) << 32) + 1 FROM presence p, era e"));
    }

    [Fact]
    public async Task A_silent_node_is_not_given_up_while_it_still_appends_and_nobody_else_waits_for_it()
    {
        var (node, silent) = (await StartAsync(), await StartAsync());
        silent.Silence();
        await using (var connection = await node.Database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var append = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync("SELECT FROM node WHERE generation = $1 FOR KEY SHARE", silent.Lease.Generation);
            await LeapAsync(node, () => IsWaitingAsync("DELETE FROM node%"));
            _time.Leap(TimeSpan.FromSeconds(8));
            await Wait.UntilAsync(() => node.Lease.IsValid, "a renewal");
            Assert.Equal(1, await CountAsync($"node WHERE generation = {silent.Lease.Generation}"));
            await append.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await Wait.UntilAsync(() => node.Heard.Contains($"gone {silent.Lease.Generation}"));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("-")]
    public async Task Whatever_the_databases_clock_says_of_a_lease_who_renews_it_is_not_given_up(string direction)
    {
        var (node, other) = (await StartAsync(), await StartAsync());
        for (var i = 0; i < 5; i++)
        {
            await LeapAsync(node, leaps: 1);
            await SqlAsync($"UPDATE node SET lease_until = lease_until {direction} interval '1 min'");
        }

        Assert.Equal(["begun"], node.Heard);
        Assert.Equal(["begun"], other.Heard);
        Assert.Equal(2, await CountAsync("node"));
    }

    [Fact]
    public async Task When_the_tables_of_who_is_where_were_emptied_an_era_begins_with_a_higher_number()
    {
        var (node, other) = (await StartAsync(), await StartAsync());
        await AddSessionAsync(node, 10_001);
        var before = long.Parse(await SqlAsync("SELECT epoch FROM presence"), null);
        await SqlAsync("TRUNCATE era, presence, session, room_node");
        await Wait.UntilAsync(() => node.Heard.Length == 2 && other.Heard.Length == 2);
        Assert.Equal(["begun", "era"], node.Heard);
        Assert.Equal(["begun", "era"], other.Heard);
        Assert.Equal(1, await CountAsync("era"));
        await node.Database.WriteAsync(connection => connection.LockUserAsync(1, 10_001));
        Assert.InRange(long.Parse(await SqlAsync("SELECT epoch FROM presence"), null), before + (1L << 32), long.MaxValue);
    }

    [Theory]
    [InlineData(180)]
    [InlineData(-180)]
    public async Task The_time_of_a_node_is_the_databases_whatever_its_machine_says(int seconds)
    {
        var node = await StartAsync(system: new OtherClock(TimeSpan.FromSeconds(seconds)));
        Assert.InRange(node.Clock.Offset.TotalSeconds, -seconds - 1, -seconds + 1);
        // The database goes by the clock of this machine.
        Assert.InRange((node.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds, -1, 1);
        var database = new DateTimeOffset(await node.Database.ReadAsync(async connection => (await connection.ListAsync(row => row.GetDateTime(0), "SELECT clock_timestamp()"))[0]));
        Assert.InRange((node.Clock.GetUtcNow() - database).TotalSeconds, -1, 1);
    }

    private async Task<NodeParts> StartAsync(int? port = null, TimeProvider? system = null, TimeSpan? interval = null)
    {
        _nodes.Add(await NodeParts.StartAsync(Server.ConnectionString(Database, port), system ?? _time, interval));
        return _nodes[^1];
    }

    /// <summary>Lets time pass, in steps that no lease ends within, and each with some renewals.</summary>
    private async Task LeapAsync(NodeParts node, Func<Task<bool>> until)
    {
        for (var leaps = 0; !await until(); leaps++)
        {
            Assert.InRange(leaps, 0, 30);
            await LeapAsync(node, leaps: 1);
        }
    }

    private Task LeapAsync(NodeParts node, Func<bool> until) => LeapAsync(node, () => Task.FromResult(until()));

    private async Task LeapAsync(NodeParts node, int leaps)
    {
        for (var leap = 0; leap < leaps; leap++)
        {
            _time.Leap(TimeSpan.FromSeconds(3));
            for (var renewal = 0; renewal < 2; renewal++)
            {
                var last = node.View.Nodes;
                await Wait.UntilAsync(() => !ReferenceEquals(last, node.View.Nodes), "a renewal");
            }
        }
    }

    private async Task<bool> IsWaitingAsync(string query) =>
        await SqlAsync($"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '{query}'") != "0";

    private async Task AddSessionAsync(NodeParts node, long user)
    {
        await node.Database.WriteAsync(connection => connection.LockUserAsync(1, user));
        await SqlAsync($"INSERT INTO session (app_id, user_id, connection_id, node, since) VALUES (1, {user}, {node.Lease.Generation}, {node.Lease.Generation}, 0)");
    }

    private Task<string> SqlAsync(string sql) => Server.SqlAsync(sql, Database);

    private async Task<int> CountAsync(string which) => int.Parse(await SqlAsync($"SELECT count(*) FROM {which}"), null);
}
