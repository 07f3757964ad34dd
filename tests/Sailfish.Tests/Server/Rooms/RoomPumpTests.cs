using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Tests.Server.Delivery;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>The pump goes from seq to seq, wherever the messages are.</summary>
public sealed class RoomPumpTests
{
    private static readonly RoomKey Key = new(1, 7);

    private readonly FeedParts _node = new();

    [Fact]
    public void Where_the_first_message_is_the_room_begins_and_nothing_before_it_is_read()
    {
        Append(10);
        var member = _node.Join(Key, 10001);
        Enqueue(member.Room, Append(3));
        Assert.Equal([11, 12, 13], FeedParts.Given(member.Session));
        Assert.Equal(0, _node.History.Reads);
    }

    [Fact]
    public async Task A_room_that_is_said_more_to_than_its_pump_can_keep_is_given_all_of_it_in_order()
    {
        var member = _node.Join(Key, 10001);
        var data = new string('x', 2000);
        var gate = new TaskCompletionSource();
        _node.History.Gate = gate.Task;
        var messages = Enumerable.Range(0, 5000).Select(_ => _node.History.Append(Key.Conversation, data: data)).ToList();
        // One that is missing holds the pump at the log, while all the others come.
        Enqueue(member.Room, [messages[0], messages[2]]);
        await Wait.UntilAsync(() => _node.History.Reads == 1);
        Enqueue(member.Room, messages.Skip(3));
        gate.SetResult();
        FeedParts.WaitFor(member.Room);
        Assert.Equal(messages.Select(m => m.Seq), FeedParts.Given(member.Session));
        Assert.InRange(_node.History.Reads, 100, 1000);
    }

    [Fact]
    public void The_end_is_told_behind_what_is_read()
    {
        var member = _node.Join(Key, 10001);
        var messages = Append(4);
        Enqueue(member.Room, [messages[0]]);
        _node.Do(_ => _node.Pump.Close(member.Room, messages[3]));
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 2, 3, 4], FeedParts.Given(member.Session));
        Assert.Null(_node.Rooms.Find(Key));
    }

    [Fact]
    public void What_the_retention_took_is_passed_over()
    {
        var member = _node.Join(Key, 10001);
        var messages = Append(6);
        _node.History.TakeUpTo(Key.Conversation, 4);
        Enqueue(member.Room, [messages[0], messages[5]]);
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 5, 6], FeedParts.Given(member.Session));
    }

    [Fact]
    public void For_a_room_that_all_have_left_nothing_is_read()
    {
        var member = _node.Join(Key, 10001);
        var messages = Append(3);
        Enqueue(member.Room, [messages[0]]);
        _node.Leave(member);
        Enqueue(member.Room, [messages[2]]);
        FeedParts.WaitFor(member.Room);
        Assert.Equal(3, member.Room.PumpedSeq);
        Assert.Equal(0, _node.History.Reads);
    }

    [Fact]
    public void Who_is_behind_or_joins_is_not_told_again_of_what_cannot_be_read()
    {
        var node = new FeedParts(patience: TimeSpan.FromMilliseconds(50));
        var live = node.Join(Key, 10001);
        var joining = new RoomMember(Fakes.Session(10002), live.Room);
        lock (live.Room)
            live.Room.Add(joining);
        node.History.IsAway = true;
        var messages = Enumerable.Range(0, 3).Select(_ => node.History.Append(Key.Conversation)).ToList();
        foreach (var index in new[] { 0, 2 })
            node.Do(_ => node.Pump.Enqueue(live.Room, new RoomEntry(messages[index], default, default)));
        FeedParts.WaitFor(live.Room);
        Assert.Equal([1, FeedParts.Behind, 3], FeedParts.Given(live.Session));
        Assert.Empty(FeedParts.Given(joining.Session));
        // It reads what the pump has passed by.
        Assert.False(joining.TryGoLive(1));
    }

    private List<StoredMessage> Append(int count) => [.. Enumerable.Range(0, count).Select(_ => _node.History.Append(Key.Conversation))];

    private void Enqueue(Room room, IEnumerable<StoredMessage> messages) => _node.Do(_ =>
    {
        foreach (var message in messages)
            _node.Pump.Enqueue(room, new RoomEntry(message, default, default));
    });
}
