using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>Messages of rooms from several nodes, in whatever order they come.</summary>
public sealed class RoomSequencerTests
{
    private const long Behind = FeedParts.Behind;
    private static readonly RoomKey Key = new(1, 7);

    private readonly FeedParts _node = new();

    [Fact]
    public void What_comes_before_a_room_begins_is_held_and_what_its_members_have_read_is_dropped()
    {
        var messages = Append(3);
        var member = _node.Join(Key, 10001);
        var more = Append(2);
        _node.Take(more[1]);
        _node.Take(messages[2]);
        _node.Take(more[0]);
        _node.Pass(10_000);
        Assert.Empty(FeedParts.Given(member.Session));
        _node.Do(flushes => _node.Sequencer.Begin(Key, 3, flushes));
        Assert.Equal([4, 5], FeedParts.Given(member.Session));
        _node.Take(messages[1]);
        Assert.Empty(FeedParts.Given(member.Session));
    }

    [Fact]
    public void What_came_and_what_the_log_has_beyond_what_came_is_pushed_when_a_room_begins()
    {
        var member = _node.Join(Key, 10001);
        var messages = Append(HeldMessages.MaxCount + 20);
        foreach (var message in messages)
            _node.Take(message);
        _node.Do(flushes => _node.Sequencer.Begin(Key, 0, flushes));
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        Assert.Equal(messages.Select(m => m.Seq), FeedParts.Given(member.Session));
    }

    [Fact]
    public void What_overtook_waits_for_what_is_before_it_and_what_comes_again_is_dropped()
    {
        var member = Begin();
        var messages = Append(5);
        foreach (var index in new[] { 1, 1, 3, 0, 0, 3, 2, 1, 4, 4 })
            _node.Take(messages[index]);
        Assert.Equal([1, 2, 3, 4, 5], FeedParts.Given(member.Session));
        Assert.Equal(0, _node.History.Reads);
    }

    [Fact]
    public void What_does_not_come_the_pump_reads_from_the_log_after_50_ms()
    {
        var member = Begin();
        var messages = Append(6);
        _node.Take(messages[2]);
        _node.Take(messages[5]);
        _node.Pass(40);
        FeedParts.WaitFor(member.Room);
        Assert.Empty(FeedParts.Given(member.Session));
        _node.Pass(10);
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 2, 3, 4, 5, 6], FeedParts.Given(member.Session));
        // It has been read, and comes all the same.
        _node.Take(messages[3]);
        Assert.Empty(FeedParts.Given(member.Session));
    }

    [Fact]
    public void Whether_anything_is_missing_a_repair_tells_and_what_comes_meanwhile_is_not_read()
    {
        var member = Begin();
        var messages = Append(4);
        _node.Take(messages[0]);
        Expect(1);
        _node.Pass(50);
        Assert.Equal(0, _node.History.Reads);
        Expect(4);
        _node.Take(messages[1]);
        _node.Take(messages[2]);
        _node.Take(messages[3]);
        _node.Pass(50);
        Assert.Equal(0, _node.History.Reads);

        Append(2);
        Expect(6);
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 2, 3, 4, 5, 6], FeedParts.Given(member.Session));
        _node.Take(Append(1)[0]);
        Assert.Equal([7], FeedParts.Given(member.Session));
    }

    [Fact]
    public void A_repair_begins_no_room()
    {
        var member = _node.Join(Key, 10001);
        var messages = Append(3);
        Expect(3);
        _node.Take(messages[0]);
        Assert.Empty(FeedParts.Given(member.Session));
        _node.Do(flushes => _node.Sequencer.Begin(Key, 0, flushes));
        Assert.Equal([1], FeedParts.Given(member.Session));
    }

    [Fact]
    public async Task Every_place_is_given_back_once()
    {
        var member = Begin();
        var sender = _node.Join(Key, 10003);
        var messages = Append(8);
        foreach (var index in new[] { 1, 0, 0, 3, 3, 1, 6 })
            await TakePlacedAsync(member.Room, messages[index]);
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        await TakePlacedAsync(member.Room, messages[4]);
        await TakePlacedAsync(member.Room, messages[7]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], FeedParts.Given(member.Session));
        Assert.Equal(100, member.Room.InFlight.CurrentCount);

        Append(1);
        await TakePlacedAsync(member.Room, Append(1)[0]);
        Assert.Equal(99, member.Room.InFlight.CurrentCount);
        _node.Leave(member);
        _node.Leave(sender);
        _node.Pass(10);
        Assert.Equal(100, member.Room.InFlight.CurrentCount);
        Assert.False(_node.RoomSequencer.IsWaiting);
    }

    [Fact]
    public void More_than_may_be_held_goes_on_and_the_pump_reads_what_is_missing()
    {
        var member = Begin();
        var messages = Append(HeldMessages.MaxCount + 10);
        foreach (var message in messages.Skip(1))
            _node.Take(message);
        FeedParts.WaitFor(member.Room);
        Assert.Equal(messages.Select(m => m.Seq), FeedParts.Given(member.Session));
    }

    [Fact]
    public void A_room_that_nobody_is_in_waits_for_nothing_and_its_end_is_noted()
    {
        var messages = Append(3);
        Assert.Equal(0, _node.Take(messages[1]));
        Assert.False(_node.RoomSequencer.IsWaiting);
        _node.Take(messages[2], closes: true);
        Assert.Equal([Key], _node.Policy.Ended);
    }

    [Fact]
    public void A_room_that_was_made_anew_waits_for_its_own_beginning()
    {
        var first = Begin();
        var messages = Append(4);
        _node.Take(messages[1]);
        _node.Leave(first);
        var second = _node.Join(Key, 10002);
        Assert.NotSame(first.Room, second.Room);
        _node.Take(Append(1)[0]);
        Assert.Empty(FeedParts.Given(second.Session));
        _node.Do(flushes => _node.Sequencer.Begin(Key, 4, flushes));
        Assert.Equal([5], FeedParts.Given(second.Session));
        _node.Pass(10);
        Assert.False(_node.RoomSequencer.IsWaiting);
    }

    [Fact]
    public void The_end_of_a_room_comes_in_its_turn()
    {
        var member = Begin();
        var messages = Append(3);
        _node.Take(messages[2], closes: true);
        _node.Take(messages[0]);
        Assert.Null(member.Room.End);
        _node.Take(messages[1]);
        Assert.Equal([1, 2, 3], FeedParts.Given(member.Session));
        Assert.Empty(_node.Rooms.All);
    }

    [Fact]
    public void That_a_message_was_the_end_is_seen_also_when_it_was_pushed_before()
    {
        var member = Begin();
        var messages = Append(3);
        Expect(3);
        _node.Pass(50);
        FeedParts.WaitFor(member.Room);
        Assert.Equal([1, 2, 3], FeedParts.Given(member.Session));
        _node.Take(messages[2], closes: true);
        // Told once more, and then it has left.
        Assert.Equal([3], FeedParts.Given(member.Session));
        Assert.Empty(_node.Rooms.All);
        Assert.Equal([Key], _node.Policy.Ended);
    }

    [Fact]
    public void After_the_store_began_anew_a_room_waits_for_what_the_log_has_now_and_misses_nothing()
    {
        var member = Begin();
        var messages = Append(5);
        _node.Take(messages[0]);
        _node.Sequencer.Forget();
        _node.Take(messages[3]);
        Assert.Equal([1], FeedParts.Given(member.Session));
        Expect(4);
        FeedParts.WaitFor(member.Room);
        _node.Take(messages[4]);
        Assert.Equal([2, 3, 4, 5], FeedParts.Given(member.Session));
    }

    [Fact]
    public void Where_the_log_gives_no_answer_the_members_are_told_behind_and_it_goes_on()
    {
        var node = new FeedParts(patience: TimeSpan.FromMilliseconds(50));
        var member = node.Join(Key, 10001);
        node.Begin(Key);
        var messages = Enumerable.Range(0, 4).Select(_ => node.History.Append(Key.Conversation)).ToList();
        node.History.IsAway = true;
        node.Take(messages[0]);
        node.Take(messages[2]);
        node.Pass(50);
        FeedParts.WaitFor(member.Room);
        node.Take(messages[3]);
        Assert.Equal([1, Behind, 3, 4], FeedParts.Given(member.Session));
    }

    private RoomMember Begin()
    {
        var member = _node.Join(Key, 10001);
        _node.Begin(Key);
        return member;
    }

    private void Expect(long newest) => _node.Do(flushes => _node.Sequencer.Expect(Key, newest, flushes));

    private async Task TakePlacedAsync(Room room, StoredMessage message) =>
        _node.Take(message, place: await RoomPlace.TakeAsync(room, CancellationToken.None));

    private IReadOnlyList<StoredMessage> Append(int count) => [.. Enumerable.Range(0, count).Select(_ => _node.History.Append(Key.Conversation))];
}
