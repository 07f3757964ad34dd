using Sailfish.IntegrationTests.Conformance;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>One node of several leads, for as long as it renews that.</summary>
public sealed class PostgresLeaderTests : IAsyncLifetime
{
    private readonly List<PostgresParts> _nodes = [];
    private string _name = "";

    public async ValueTask InitializeAsync()
    {
        _name = await SharedPostgres.NewDatabaseAsync();
        var database = (await SharedPostgres.ServerAsync()).ConnectionString(_name);
        for (var i = 0; i < 2; i++)
            _nodes.Add(await PostgresParts.StartAsync(database, new Completions()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task Of_all_who_try_at_once_one_leads_and_keeps_the_lead()
    {
        var led = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => LeadAsync(i % 2)));
        var (ones, others) = (led.Where((_, i) => i % 2 == 0).Distinct(), led.Where((_, i) => i % 2 == 1).Distinct());
        Assert.NotEqual(Assert.Single(ones), Assert.Single(others));
        Assert.Equal(led[0], await LeadAsync(0));
        Assert.Equal(led[1], await LeadAsync(1));
        Assert.Equal(1, await SqlAsync("SELECT count(*) FROM lease WHERE name = 'test' AND until BETWEEN clock_timestamp() + interval '5 s' AND clock_timestamp() + interval '10 s'"));
    }

    [Fact]
    public async Task The_lead_in_one_thing_is_none_in_another()
    {
        Assert.True(await LeadAsync(0, "one"));
        Assert.True(await LeadAsync(1, "other"));
        Assert.False(await LeadAsync(1, "one"));
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(60, false)]
    public async Task A_lead_that_has_ended_goes_to_who_comes_and_is_the_same_unless_nobody_had_it_for_long(int seconds, bool goesOn)
    {
        Assert.True(await LeadAsync(0));
        await SqlAsync($"UPDATE lease SET until = until - interval '{seconds} s', since = since - interval '1 h' WHERE name = 'test' RETURNING 1");
        Assert.True(await LeadAsync(1));
        Assert.False(await LeadAsync(0));
        Assert.Equal(goesOn ? 1 : 0, await SqlAsync("SELECT count(*) FROM lease WHERE name = 'test' AND since < clock_timestamp() - interval '1 h'"));
    }

    [Fact]
    public async Task A_node_that_was_given_up_does_not_lead()
    {
        Assert.True(await LeadAsync(0));
        await SqlAsync($"UPDATE node SET lease_until = '-infinity' WHERE generation = {_nodes[0].Lease.Generation} RETURNING 1");
        Assert.False(await LeadAsync(0));
        Assert.False(await LeadAsync(1));
        await SqlAsync("UPDATE lease SET until = clock_timestamp() RETURNING 1");
        Assert.True(await LeadAsync(1));
    }

    private async Task<bool> LeadAsync(int node, string name = "test") =>
        await new PostgresLeader(_nodes[node].Database, _nodes[node].Lease).TryLeadAsync(name, CancellationToken.None);

    private Task<long> SqlAsync(string sql) => _nodes[0].SqlAsync<long>(sql);
}
