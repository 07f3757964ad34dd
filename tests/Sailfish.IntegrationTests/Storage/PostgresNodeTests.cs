using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A node is on the list of nodes while it runs, and holds its lease while it has the database.</summary>
public sealed class PostgresNodeTests : IAsyncLifetime
{
    private readonly LeapingTime _time = new();
    private PostgresServer? _server;
    private PostgresDatabase? _database;

    private PostgresServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(fsync: false);
        await Server.CreateDatabaseAsync("sailfish");
        _database = new PostgresDatabase(
            Options.Create(new ClusterOptions { Database = Server.ConnectionString("sailfish") }), NullLogger<PostgresDatabase>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_start_has_a_generation_of_its_own_and_leaves_when_it_stops()
    {
        using var one = await StartAsync();
        using var other = await StartAsync();
        Assert.True(other.Lease.Generation > one.Lease.Generation);
        Assert.Equal(2, await CountAsync("lease_until > clock_timestamp()"));
        await other.StopAsync(CancellationToken.None);
        using var next = await StartAsync();
        Assert.True(next.Lease.Generation > other.Lease.Generation);
        Assert.Equal(2, await CountAsync("true"));
    }

    [Fact]
    public async Task A_lease_ends_while_the_database_says_nothing_and_holds_again_afterwards()
    {
        using var node = await StartAsync();
        Assert.True(node.Lease.IsValid);
        Server.Hold();
        _time.Leap(TimeSpan.FromSeconds(8));
        Assert.False(node.Lease.IsValid);
        Server.GoOn();
        await Wait.UntilAsync(() => node.Lease.IsValid, "a renewal");
        await Server.KillAsync();
        _time.Leap(TimeSpan.FromSeconds(8));
        Assert.False(node.Lease.IsValid);
        await Server.StartAgainAsync();
        await Wait.UntilAsync(() => node.Lease.IsValid, "a renewal");
        Assert.Equal(1, await CountAsync($"generation = {node.Lease.Generation} AND lease_until > clock_timestamp()"));
    }

    [Fact]
    public async Task A_renewal_does_not_wait_for_the_standby()
    {
        using var node = await StartAsync();
        await Server.SqlAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await Server.SqlAsync("SELECT pg_reload_conf()");
        await Wait.UntilAsync(async () => await Server.SqlAsync("SHOW synchronous_standby_names") == "nobody", "the setting");
        _time.Leap(TimeSpan.FromSeconds(8));
        await Wait.UntilAsync(() => node.Lease.IsValid, "a renewal");
        await Server.SqlAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await Server.SqlAsync("SELECT pg_reload_conf()");
        await node.StopAsync(CancellationToken.None);
        Assert.Equal(0, await CountAsync("true"));
    }

    [Fact]
    public async Task A_node_that_was_given_up_has_no_lease()
    {
        using var node = await StartAsync();
        await Server.SqlAsync("DELETE FROM node", "sailfish");
        _time.Leap(TimeSpan.FromSeconds(8));
        // It tries all the same.
        await Wait.UntilAsync(async () => await Server.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'UPDATE node%' AND query_start > clock_timestamp() - interval '1 s'") != "0", "a renewal");
        Assert.False(node.Lease.IsValid);
    }

    private async Task<PostgresNode> StartAsync()
    {
        var node = new PostgresNode(_database!, _time, NullLogger<PostgresNode>.Instance);
        await node.StartAsync(CancellationToken.None);
        return node;
    }

    private async Task<int> CountAsync(string which) => int.Parse(await Server.SqlAsync($"SELECT count(*) FROM node WHERE {which}", "sailfish"), null);
}
