using Sailfish.Server.Cluster;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Cluster;

public sealed class LossWatchTests : IAsyncDisposable
{
    private readonly SinkParts _parts = new();
    private readonly LocalBuses _buses = new();
    private readonly ClusterView _view = new();
    private readonly ClusterNode _node = new();
    private readonly LinkedNode _self;
    private readonly LinkedNode _other;
    private readonly LossWatch _watch;

    public LossWatchTests()
    {
        _self = new LinkedNode(_buses, 1, _parts.Node.Time);
        _other = new LinkedNode(_buses, 2, _parts.Node.Time);
        _node.Link = _self.Link;
        _watch = new LossWatch(_node, _parts.Receiver, _parts.Lease, _view, _parts.Node.Time, _parts.Changes);
    }

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _self.DisposeAsync();
        await _other.DisposeAsync();
        _parts.Dispose();
    }

    [Fact]
    public async Task While_the_bus_is_away_the_log_and_the_changes_are_looked_at_again_and_again()
    {
        _watch.Look();
        Assert.Null(await _parts.RepairedAsync());
        _node.Link = null;
        for (var look = 1; look <= 3; look++)
        {
            _watch.Look();
            Assert.NotNull(await _parts.RepairedAsync());
            Assert.Equal(look, _parts.Changes.Count);
        }
    }

    [Fact]
    public async Task While_a_node_that_lives_is_not_heard_the_log_is_looked_at()
    {
        _view.Renewed([Node(1), Node(2)]);
        Assert.NotNull(await LookAsync());
        _other.Link.Sender.Beat(isDatabaseOk: true);
        Assert.Null(await LookAsync());
        _parts.Node.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.NotNull(await LookAsync());
        Assert.NotNull(await LookAsync());
        _view.Renewed([Node(1)]);
        Assert.Null(await LookAsync());
    }

    [Fact]
    public async Task It_looks_by_itself()
    {
        _node.Link = null;
        await _watch.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(() => _parts.Changes.Count > 0);
        await _watch.StopAsync(CancellationToken.None);
    }

    private async Task<TimeSpan?> LookAsync()
    {
        _watch.Look();
        return await _parts.RepairedAsync();
    }

    private static NodeInfo Node(long generation) => new(generation, "", "", 0, 0, IsDraining: false, TimeSpan.FromSeconds(5));
}
