using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Cluster;

public sealed class CutOffWatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LocalBuses _buses = new();
    private readonly ClusterView _view = new();
    private readonly ConnectionTable _connections = new(Fakes.Lease);
    private readonly LinkedNode _self;
    private readonly LinkedNode _other;
    private readonly CutOffWatch _watch;
    private readonly Session _session = Fakes.Session(10001);

    public CutOffWatchTests()
    {
        _self = new LinkedNode(_buses, 1, _time);
        _other = new LinkedNode(_buses, 2, _time);
        _connections.Add(_session.Connection);
        var settings = Options.Create(new ClusterOptions { Bus = "nats://127.0.0.1" });
        _watch = new CutOffWatch(new ClusterNode { Link = _self.Link }, _view, _connections, settings, _time, NullLogger<CutOffWatch>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _self.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public void A_node_that_alone_has_no_database_sends_its_clients_away_after_a_while()
    {
        _view.DatabaseAway();
        for (var second = 0; second < 8; second++)
            Pass(isDatabaseOkElsewhere: true);
        Assert.False(_session.Connection.IsClosing);
        Pass(isDatabaseOkElsewhere: true);
        Assert.Contains("\"reason\":\"draining\"", Fakes.SentTo(_session), StringComparison.Ordinal);
        // Who comes back is sent away again.
        var another = Fakes.Session(10002);
        _connections.Add(another.Connection);
        Pass(isDatabaseOkElsewhere: true);
        Assert.True(another.Connection.IsClosing);
    }

    [Fact]
    public void Where_nobody_has_the_database_clients_stay()
    {
        _view.DatabaseAway();
        for (var second = 0; second < 20; second++)
            Pass(isDatabaseOkElsewhere: false);
        Assert.False(_session.Connection.IsClosing);
    }

    [Fact]
    public void What_goes_by_soon_sends_nobody_away()
    {
        for (var second = 0; second < 20; second++)
        {
            if (second % 5 == 0)
                _view.Renewed([]);
            else
                _view.DatabaseAway();
            Pass(isDatabaseOkElsewhere: true);
        }

        Assert.False(_session.Connection.IsClosing);
    }

    private void Pass(bool isDatabaseOkElsewhere)
    {
        _other.Link.Sender.Beat(isDatabaseOkElsewhere);
        _watch.Look();
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
