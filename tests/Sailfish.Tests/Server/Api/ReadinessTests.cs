using Microsoft.Extensions.Options;
using Sailfish.Server.Api;
using Sailfish.Server.Cluster;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Api;

/// <summary>Whether a node of a cluster is sent anybody.</summary>
public sealed class ReadinessTests : IClusterHealth
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServerState _state = new();
    private readonly ClusterView _view = new();
    private readonly NodeLease _lease;
    private bool _isOkElsewhere;

    public ReadinessTests()
    {
        _lease = new NodeLease(7, _time, _time.GetTimestamp() + TimeSpan.FromSeconds(7).Ticks);
        _state.Started();
    }

    BusHealth IClusterHealth.Health => BusHealth.Up;

    bool IClusterHealth.IsDatabaseOkElsewhere => _isOkElsewhere;

    [Fact]
    public void All_that_a_probe_asks_for_is_told()
    {
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(new ReadyResponse("ready", "7", new LeaseStatus(true, 6100), "up", "up"), Read());
        Assert.Equal("away", New("postgres", null).Read().Bus);
    }

    [Fact]
    public void It_is_draining_before_it_has_started_and_when_it_stops()
    {
        Assert.Equal("draining", new Readiness(new ServerState(), _lease, _view, Options.Create(new ClusterOptions())).Read().Status);
        _state.Draining();
        Assert.Equal("draining", Read().Status);
        _view.DatabaseAway();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("draining", Read().Status);
    }

    [Fact]
    public void Without_a_lease_that_the_database_would_renew_it_has_none()
    {
        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(new ReadyResponse("no_lease", "7", new LeaseStatus(false, 0), "up", "up"), Read());
        _lease.Begin(9, _time.GetTimestamp() + TimeSpan.FromSeconds(7).Ticks);
        Assert.Equal(("ready", "9"), (Read().Status, Read().Node));
    }

    [Fact]
    public void Eight_seconds_without_the_database_are_too_many_where_nobody_can_tell_whether_others_have_it()
    {
        _view.DatabaseAway();
        _time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.Equal(("ready", "away"), (Read().Status, Read().Database));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("no_database", Read().Status);
        _view.Renewed([]);
        _lease.Extend(_time.GetTimestamp() + TimeSpan.FromSeconds(7).Ticks);
        Assert.Equal("ready", Read().Status);
    }

    [Fact]
    public void With_NATS_they_are_too_many_when_others_have_it()
    {
        _view.DatabaseAway();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ready", New("nats://localhost", this).Read().Status);
        _isOkElsewhere = true;
        Assert.Equal("no_database", New("nats://localhost", this).Read().Status);
    }

    private ReadyResponse Read() => New("postgres", this).Read();

    private Readiness New(string bus, IClusterHealth? health) =>
        new(_state, _lease, _view, Options.Create(new ClusterOptions { Database = "Host=db1", Bus = bus }), health);
}
