using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>A node that begins, is given up, and begins anew, beside another one.</summary>
public sealed class LinkKeeperTests : IAsyncDisposable
{
    private readonly SinkParts _parts = new();
    private readonly Routes _routes = new();
    private readonly LocalBuses _buses = new();
    private readonly ClusterView _view = new();
    private readonly ChangeBell _bell = new();
    private readonly ClusterNode _node = new();
    private readonly LinkedNode _other;
    private readonly RoomAttendance _attendance;
    private readonly LinkKeeper _keeper;

    public LinkKeeperTests()
    {
        _other = new LinkedNode(_buses, 2);
        _attendance = new RoomAttendance(
            _routes, _parts.Source, new RoomEnds(_parts.Node.Rooms, _parts.Node.Gaps), _parts.Node.Sequencer, _parts.Node.Dispatcher, _parts.Node.Rooms, _parts.Node.Time, NullLogger<RoomAttendance>.Instance);
        _keeper = new LinkKeeper(
            _node, _parts.Lease, _view, _buses, _parts.Sink, new NodeQuestions([]), _attendance, _parts.Repair, _bell, new ClusterMetrics(Fakes.Meters), TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await _other.DisposeAsync();
        _attendance.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public async Task A_node_has_one_link_of_its_generation_from_its_begin_to_its_end()
    {
        await _keeper.StartAsync(CancellationToken.None);
        var link = _node.Link;
        Assert.NotNull(link);
        await _keeper.BegunAsync(CancellationToken.None);
        Assert.Same(link, _node.Link);
        await _keeper.StopAsync(CancellationToken.None);
        Assert.NotNull(_node.Link);
        await _keeper.DisposeAsync();
        Assert.Null(_node.Link);
        await _keeper.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_was_given_up_is_silent_until_it_begins_anew_and_then_wants_its_rooms_again()
    {
        await _keeper.StartAsync(CancellationToken.None);
        await BeginRoomAsync();
        var first = _node.Link;
        await _keeper.GivenUpAsync(CancellationToken.None);
        Assert.Null(_node.Link);
        _parts.Lease.Begin(3, long.MaxValue);
        _routes.Failures = 2;
        await _keeper.BegunAsync(CancellationToken.None);
        Assert.NotNull(_node.Link);
        Assert.NotSame(first, _node.Link);
        await Wait.UntilAsync(() => _routes.Attended == 2);
        await RepairedAsync();
        Assert.True(_node.TellAll(new ControlItem.Changed(4)));
        Assert.Contains(_other.Traffic.Told, line => line.Contains("Id = 4", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_store_began_anew_rooms_are_wanted_again_before_anything_is_read()
    {
        await _keeper.StartAsync(CancellationToken.None);
        await BeginRoomAsync();
        _routes.Gate = new TaskCompletionSource();
        // Whoever renews the lease does not wait for it.
        await _keeper.EraBegunAsync(CancellationToken.None);
        Assert.Null(await _parts.RepairedAsync());
        _routes.Gate.SetResult();
        await RepairedAsync();
        Assert.Equal(2, _routes.Attended);
    }

    [Fact]
    public async Task A_node_that_is_no_more_is_forgotten_and_what_it_told_nobody_of_is_read()
    {
        await _keeper.StartAsync(CancellationToken.None);
        _other.Link.Sender.Beat(isDatabaseOk: true);
        Assert.True(_node.Link!.IsHeard(2));
        _keeper.NodesGone([2]);
        Assert.False(_node.Link.IsHeard(2));
        Assert.True(await _parts.RepairedAsync() >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_this_node_has_changed_the_others_hear_at_once()
    {
        await _keeper.StartAsync(CancellationToken.None);
        _bell.Ring();
        Assert.Contains(_other.Traffic.Told, line => line.Contains("Changed", StringComparison.Ordinal));
    }

    private async Task BeginRoomAsync()
    {
        var member = _parts.Node.Join(SinkParts.Room, 10003);
        await _attendance.BeginAsync(member.Room);
    }

    private Task RepairedAsync() => Wait.UntilAsync(async () => await _parts.RepairedAsync() is not null, "a repair");

    private sealed class Routes : IRoomRoutes
    {
        public TaskCompletionSource? Gate { get; set; }

        public int Failures { get; set; }

        public int Attended { get; private set; }

        public async ValueTask AttendAsync(RoomKey room, CancellationToken cancellationToken)
        {
            if (Gate is not null)
                await Gate.Task;
            if (Failures-- > 0)
                throw new IOException("The store is away.");
            Attended++;
        }

        public ValueTask LeaveAsync(RoomKey room, CancellationToken cancellationToken) => default;
    }
}
