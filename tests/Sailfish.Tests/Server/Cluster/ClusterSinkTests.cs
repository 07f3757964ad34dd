using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Tests.Server.Delivery;

namespace Sailfish.Tests.Server.Cluster;

public sealed class ClusterSinkTests : IDisposable
{
    private readonly SinkParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Messages_come_to_whoever_waits_for_them()
    {
        var receiver = _parts.Node.LogIn(10002);
        List<MessageItem> items = [.. _parts.Append(SinkParts.Direct, 3).Select(m => new MessageItem(m, Closes: false))];
        _parts.Sink.Messages(items);
        // The list is used again.
        items.Clear();
        Assert.Equal([1, 2, 3], await SinkParts.GivenAsync(receiver, 3));
    }

    [Fact]
    public async Task The_end_of_a_room_ends_it_here()
    {
        var member = _parts.Node.Join(SinkParts.Room, 10003);
        _parts.Node.Begin(SinkParts.Room);
        var said = _parts.Append(SinkParts.Room.Conversation, 2);
        _parts.Sink.Messages([new MessageItem(said[0], Closes: false), new MessageItem(said[1], Closes: true)]);
        Assert.Equal([1, 2], await SinkParts.GivenAsync(member.Session, 2));
        Assert.Equal([SinkParts.Room], _parts.Node.Policy.Ended);
        await Wait.UntilAsync(() => !_parts.Node.Rooms.All.Any());
    }

    /// <summary>Whoever stood still for so long may have been given up, and its users may be elsewhere.</summary>
    [Fact]
    public async Task Without_a_lease_nothing_is_delivered_and_with_one_again_all_that_came_meanwhile_is_read()
    {
        var receiver = _parts.Node.LogIn(10002);
        _parts.Receiver.NoteLease();
        _parts.Node.Time.Advance(TimeSpan.FromSeconds(12));
        _parts.Lease.Extend(0);
        _parts.Sink.Messages([new MessageItem(_parts.Append(SinkParts.Direct, 1)[0], Closes: false)]);
        Assert.Empty(FeedParts.Given(receiver));
        Assert.Null(await _parts.RepairedAsync());
        _parts.Lease.Extend(long.MaxValue);
        // Back to where the lease was last known to hold, at least.
        Assert.True(await _parts.RepairedAsync() >= TimeSpan.FromSeconds(12));
        Assert.Equal([1], await SinkParts.GivenAsync(receiver, 1));
    }

    [Fact]
    public async Task More_than_may_wait_is_looked_for_in_the_log()
    {
        using ManualResetEventSlim begun = new(), goOn = new();
        var busy = Task.Run(() => _parts.Node.Dispatcher.Do(_ =>
        {
            begun.Set();
            goOn.Wait(Wait.Limit);
        }));
        Assert.True(begun.Wait(Wait.Limit));
        foreach (var message in _parts.Append(SinkParts.Direct, Feed.MaxFrames + 1))
            _parts.Sink.Messages([new MessageItem(message, Closes: false)]);
        goOn.Set();
        await busy;
        Assert.NotNull(await _parts.RepairedAsync());
    }

    [Fact]
    public async Task What_a_frame_only_named_is_read_from_the_log_with_the_end_that_it_names()
    {
        var receiver = _parts.Node.LogIn(10002);
        var member = _parts.Node.Join(SinkParts.Room, 10003);
        _parts.Node.Begin(SinkParts.Room);
        _parts.Append(SinkParts.Direct, 500);
        _parts.Append(SinkParts.Room.Conversation, 3);
        await _parts.Places.StartAsync(CancellationToken.None);
        _parts.Sink.Places([Place(SinkParts.Direct, 1, 500, closes: false), Place(SinkParts.Room.Conversation, 1, 3, closes: true)]);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), await SinkParts.GivenAsync(receiver, 500));
        Assert.Equal([1, 2, 3], await SinkParts.GivenAsync(member.Session, 3));
        await Wait.UntilAsync(() => !_parts.Node.Rooms.All.Any());
        // Not all at once.
        Assert.All(_parts.Source.Places, count => Assert.InRange(count, 1, 256));
    }

    [Fact]
    public async Task What_cannot_be_read_is_looked_for_again_and_what_is_named_after_it_is_read()
    {
        var receiver = _parts.Node.LogIn(10002);
        _parts.Append(SinkParts.Direct, 2);
        _parts.Source.IsAway = true;
        await _parts.Places.StartAsync(CancellationToken.None);
        _parts.Sink.Places([Place(SinkParts.Direct, 1, 1, closes: false)]);
        await Wait.UntilAsync(() => _parts.Source.Refused == 1);
        _parts.Source.IsAway = false;
        await Wait.UntilAsync(async () => await _parts.RepairedAsync() is not null, "a repair");
        Assert.Equal([1, 2], await SinkParts.GivenAsync(receiver, 2));
        _parts.Append(SinkParts.Direct, 1);
        _parts.Sink.Places([Place(SinkParts.Direct, 3, 1, closes: false)]);
        Assert.Equal([3], await SinkParts.GivenAsync(receiver, 1));
    }

    [Fact]
    public async Task Many_places_wait_and_more_are_left_to_a_repair()
    {
        for (var i = 0; i < 4096; i++)
            _parts.Sink.Places([Place(SinkParts.Direct, 1, 1, closes: false)]);
        Assert.Null(await _parts.RepairedAsync());
        _parts.Sink.Places([Place(SinkParts.Direct, 1, 1, closes: false)]);
        Assert.NotNull(await _parts.RepairedAsync());
    }

    [Fact]
    public void A_connection_is_ended_by_its_id_and_for_the_reason_that_is_named()
    {
        var (session, other) = (_parts.Node.LogIn(10002), _parts.Node.LogIn(10002));
        _parts.Node.Connections.Add(session.Connection);
        _parts.Node.Connections.Add(other.Connection);
        _parts.Sink.Control(new ControlItem.CloseConnection(session.Connection.Id, "replaced"));
        _parts.Sink.Control(new ControlItem.CloseConnection(long.MaxValue, "replaced"));
        Assert.Contains("\"reason\":\"replaced\"", Fakes.SentTo(session), StringComparison.Ordinal);
        Assert.True(session.Connection.IsClosing);
        Assert.False(other.Connection.IsClosing);
    }

    [Fact]
    public async Task What_is_told_to_all_is_told_to_those_here_with_the_same_id()
    {
        var user = _parts.Node.LogIn(10002);
        await _parts.Teller.StartAsync(CancellationToken.None);
        _parts.Sink.Control(new ControlItem.Announced(1, 5555, "id-of-one", "{}"));
        var told = "";
        await Wait.UntilAsync(() => (told += Fakes.SentIfAny(user)).Contains("id-of-one", StringComparison.Ordinal));
        await _parts.Teller.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void Another_nodes_change_hurries_the_feed_of_changes()
    {
        _parts.Sink.Control(ControlItem.Changed.Some);
        Assert.Equal(1, _parts.Changes.Count);
    }

    [Theory]
    [InlineData("missed")]
    [InlineData("away")]
    [InlineData("up")]
    public async Task Whatever_may_not_have_come_is_looked_for(string what)
    {
        Action tell = what switch
        {
            "missed" => () => _parts.Sink.Missed(2),
            "away" => () => _parts.Sink.HealthChanged(BusHealth.Away),
            _ => () => _parts.Sink.HealthChanged(BusHealth.Up),
        };
        Assert.Null(await _parts.RepairedAsync());
        tell();
        Assert.True(await _parts.RepairedAsync() >= TimeSpan.FromSeconds(5));
    }

    private static PlaceItem Place(ConversationKey key, long first, int count, bool closes) => new(FakeHistory.RowOf(key), key, first, count, closes);
}
