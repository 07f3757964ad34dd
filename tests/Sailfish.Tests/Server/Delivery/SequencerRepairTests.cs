using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>What the store is asked for, and that all it has comes to whoever should have it.</summary>
public sealed class SequencerRepairTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);
    private static readonly RoomKey Room = new(1, 7);

    private readonly FeedParts _node = new();
    private readonly NodeLease _lease;
    private readonly FakeRepairSource _store;
    private readonly StoreHorizons _horizons;
    private readonly SequencerRepair _repair;

    public SequencerRepairTests()
    {
        _store = new FakeRepairSource(_node.History, Direct) { Horizon = Now };
        _lease = new NodeLease(1, _node.Time);
        _horizons = new StoreHorizons(_node.Time);
        _repair = new SequencerRepair(
            _store, _node.Sequencer, _node.Dispatcher, _node.Rooms, new RoomEnds(_node.Rooms, _node.Gaps), _horizons, _lease, _node.DeliveryMetrics, _node.Time,
            NullLogger<SequencerRepair>.Instance);
    }

    public void Dispose() => _repair.Dispose();

    [Fact]
    public async Task What_the_store_has_and_nobody_brought_is_given_in_order_and_once()
    {
        var receiver = _node.LogIn(10002);
        var member = _node.Join(Room, 10003);
        _node.Begin(Room);
        var messages = Append(Direct, 1000);
        _node.Take(messages[0]);
        _node.Take(messages[1]);
        var said = Append(Room.Conversation, 300);
        _node.Take(said[0]);
        _repair.Ask(RepairReason.FramesLost, TimeSpan.FromSeconds(2));
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Equal(messages.Select(m => m.Seq), FeedParts.Given(receiver));
        // The room waits a moment for what is perhaps on its way.
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        Assert.Equal(said.Select(m => m.Seq), FeedParts.Given(member.Session));
    }

    [Fact]
    public async Task Rounds_look_at_the_rooms_alone()
    {
        var member = _node.Join(Room, 10003);
        _node.Begin(Room);
        Append(Room.Conversation, 3);
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Empty(_store.Asked);
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 2, 3], FeedParts.Given(member.Session));
    }

    [Fact]
    public async Task Many_rooms_are_asked_for_some_at_a_time()
    {
        for (var room = 1; room <= 2500; room++)
            _node.Join(new RoomKey(1, room), 10003);
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Equal([1000, 1000, 500], _store.Rooms);
    }

    [Fact]
    public async Task It_begins_at_the_horizon_of_the_moment_when_nothing_was_missing_less_a_second()
    {
        // A transaction hung for twenty seconds when nothing was missing.
        _horizons.Note(Now.AddSeconds(-20));
        Pass(5);
        _store.Horizon = Now.AddSeconds(5);
        await AskAsync(RepairReason.FramesLost, TimeSpan.FromSeconds(4));
        Assert.Equal([Now.AddSeconds(-21)], _store.Asked);
    }

    [Fact]
    public async Task Where_no_horizon_was_known_it_begins_a_minute_earlier()
    {
        _store.Horizon = Now;
        await AskAsync(RepairReason.NodeDied, TimeSpan.FromSeconds(20));
        Assert.Equal([Now.AddSeconds(-20 - 60 - 1)], _store.Asked);
    }

    [Fact]
    public async Task What_one_repair_has_read_the_next_does_not_read_again_unless_the_store_or_the_session_is_new()
    {
        _store.Horizon = Now;
        await AskAsync(RepairReason.BusAway, TimeSpan.FromSeconds(1));
        Pass(1);
        _store.Horizon = Now.AddSeconds(1);
        await AskAsync(RepairReason.BusAway, TimeSpan.FromSeconds(2));
        Assert.Equal(Now.AddSeconds(-1), _store.Asked[^1]);
        foreach (var reason in new[] { RepairReason.LateSession, RepairReason.StoreBeganAnew })
        {
            await AskAsync(reason, TimeSpan.FromSeconds(10));
            Assert.True(_store.Asked[^1] < Now.AddSeconds(-10));
        }
    }

    [Fact]
    public async Task What_fails_is_asked_for_again_and_together_with_what_is_asked_meanwhile()
    {
        _store.Horizon = Now;
        _store.IsAway = true;
        await AskAsync(RepairReason.FramesLost, TimeSpan.FromSeconds(30));
        _store.IsAway = false;
        _store.Asked.Clear();
        await AskAsync(RepairReason.BusAway, TimeSpan.FromSeconds(5));
        Assert.Equal([Now.AddSeconds(-30 - 60 - 1)], _store.Asked);
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Single(_store.Asked);
    }

    [Fact]
    public async Task A_store_that_began_anew_makes_every_seq_count_anew_at_once()
    {
        var receiver = _node.LogIn(10002);
        var messages = Append(Direct, 2);
        _node.Take(messages[0]);
        _node.Take(messages[1]);
        _repair.Ask(RepairReason.StoreBeganAnew, TimeSpan.FromSeconds(60));
        _node.Take(messages[0]);
        Assert.Equal([1, 2, 1], FeedParts.Given(receiver));
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Equal([2], FeedParts.Given(receiver));
    }

    [Fact]
    public async Task Without_a_lease_nothing_is_repaired_and_with_one_again_it_is()
    {
        var receiver = _node.LogIn(10002);
        Append(Direct, 2);
        _lease.Extend(0);
        await AskAsync(RepairReason.FramesLost, TimeSpan.FromSeconds(2));
        Assert.Empty(_store.Asked);
        _lease.Extend(long.MaxValue);
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Equal([1, 2], FeedParts.Given(receiver));
    }

    [Fact]
    public async Task The_end_of_a_room_that_nobody_told_of_ends_it_here_behind_all_that_was_said()
    {
        var member = _node.Join(Room, 10003);
        _node.Begin(Room);
        var said = Append(Room.Conversation, 4);
        _node.Take(said[0]);
        _store.Closed.Add(Room);
        await _repair.RunOnceAsync(CancellationToken.None);
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 2, 3, 4], FeedParts.Given(member.Session));
        Assert.Equal([Room], _node.Policy.Ended);
        Assert.Empty(_node.Rooms.All);
        // It is read no more.
        await _repair.RunOnceAsync(CancellationToken.None);
        Assert.Equal([Room], _node.Policy.Ended);
    }

    [Fact]
    public async Task It_runs_when_it_is_asked_to()
    {
        var receiver = _node.LogIn(10002);
        Append(Direct, 3);
        await _repair.StartAsync(CancellationToken.None);
        _repair.Ask(RepairReason.FramesLost, TimeSpan.FromSeconds(2));
        await Wait.UntilAsync(() => _store.Asked.Count == 1);
        List<long> given = [];
        await Wait.UntilAsync(() =>
        {
            given.AddRange(FeedParts.Given(receiver));
            return given.Count == 3;
        });
        await _repair.StopAsync(CancellationToken.None);
        Assert.Equal([1, 2, 3], given);
    }

    private async Task AskAsync(RepairReason reason, TimeSpan age)
    {
        _repair.Ask(reason, age);
        await _repair.RunOnceAsync(CancellationToken.None);
    }

    private void Pass(int seconds) => _node.Time.Advance(TimeSpan.FromSeconds(seconds));

    private List<StoredMessage> Append(ConversationKey key, int count) => [.. Enumerable.Range(0, count).Select(_ => _node.History.Append(key))];
}
