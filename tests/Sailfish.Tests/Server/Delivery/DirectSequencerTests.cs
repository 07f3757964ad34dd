using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>One-to-one messages of several nodes, in whatever order they come.</summary>
public sealed class DirectSequencerTests
{
    private const long Behind = FeedParts.Behind;
    private static readonly ConversationKey Key = ConversationKey.Direct(1, 10001, 10002);

    private readonly FeedParts _node = new();
    private readonly Session _receiver;

    public DirectSequencerTests() => _receiver = _node.LogIn(10002);

    [Fact]
    public void What_comes_in_turn_is_delivered_at_once()
    {
        var messages = Append(3);
        Assert.All(messages, message => Assert.Equal(1, _node.Take(message)));
        Assert.Equal([1, 2, 3], FeedParts.Given(_receiver));
        Assert.False(_node.Sequencer.Wanted.TryPeek(out _));
    }

    [Fact]
    public void What_overtook_waits_for_what_is_before_it()
    {
        var messages = Append(4);
        _node.Take(messages[0]);
        Assert.Equal(1, _node.Take(messages[3]));
        _node.Take(messages[2]);
        Assert.Equal([1], FeedParts.Given(_receiver));
        _node.Take(messages[1]);
        Assert.Equal([2, 3, 4], FeedParts.Given(_receiver));
    }

    [Fact]
    public void What_comes_again_is_delivered_once()
    {
        var messages = Append(4);
        foreach (var index in new[] { 0, 1, 0, 1, 3, 3, 2, 2, 3, 0 })
            _node.Take(messages[index]);
        Assert.Equal([1, 2, 3, 4], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task What_does_not_come_is_read_from_the_log_after_50_ms_and_not_before()
    {
        var messages = Append(5);
        _node.Take(messages[0]);
        _node.Take(messages[4]);
        _node.Pass(40);
        Assert.False(await _node.AnswerAsync());
        _node.Pass(10);
        // Wanted once, however often it is looked.
        _node.Pass(10);
        Assert.True(await _node.AnswerAsync());
        Assert.False(await _node.AnswerAsync());
        Assert.Equal([1, 2, 3, 4, 5], FeedParts.Given(_receiver));
        _node.Take(messages[2]);
        Assert.Empty(FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task Each_hole_is_waited_for_as_long_as_the_oldest_message_behind_it()
    {
        var messages = Append(5);
        _node.Take(messages[0]);
        _node.Take(messages[2]);
        _node.Pass(40);
        _node.Take(messages[4]);
        _node.Take(messages[1]);
        Assert.Equal([1, 2, 3], FeedParts.Given(_receiver));
        _node.Pass(40);
        Assert.False(await _node.AnswerAsync());
        _node.Pass(10);
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([4, 5], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task What_the_retention_took_of_a_hole_is_passed_over()
    {
        var messages = Append(6);
        _node.Take(messages[0]);
        _node.Take(messages[5]);
        _node.History.TakeUpTo(Key, 3);
        _node.Pass(50);
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([1, 4, 5, 6], FeedParts.Given(_receiver));

        var more = Append(3);
        _node.Take(more[2]);
        _node.History.TakeUpTo(Key, 8);
        _node.Pass(50);
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([9], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task A_large_hole_is_read_page_by_page()
    {
        var messages = Append(350);
        _node.Take(messages[0]);
        _node.Take(messages[^1]);
        _node.Pass(50);
        var pages = 0;
        while (await _node.AnswerAsync())
            pages++;
        Assert.Equal(4, pages);
        Assert.Equal(Enumerable.Range(1, 350).Select(seq => (long)seq), FeedParts.Given(_receiver));
    }

    [Fact]
    public void Where_the_log_gives_no_answer_the_sessions_are_told_behind_and_it_goes_on()
    {
        var sender = _node.LogIn(10001);
        var messages = Append(5);
        _node.Take(messages[0]);
        _node.Take(messages[2]);
        _node.Take(messages[3]);
        _node.Pass(50);
        _node.FailToAnswer();
        Assert.Equal([1, Behind, 3, 4], FeedParts.Given(_receiver));
        Assert.Equal([1, Behind, 3, 4], FeedParts.Given(sender));
        // They were told of it.
        _node.Take(messages[1]);
        _node.Take(messages[4]);
        Assert.Equal([5], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task Of_a_conversation_that_nothing_is_known_of_the_message_before_is_looked_at_first()
    {
        Append(4, time: 1_000_000);
        var next = Append(1, time: 1_002_000)[0];
        _node.Take(next);
        Assert.Empty(FeedParts.Given(_receiver));
        Assert.True(await _node.AnswerAsync());
        // What is older than what can be on its way has been with its receivers.
        Assert.Equal([5], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task A_message_that_was_said_just_before_the_first_that_came_is_delivered_before_it()
    {
        Append(4, time: 1_000_000);
        var messages = Append(2, time: 1_002_000);
        _node.Take(messages[1]);
        await AnswerAllAsync();
        Assert.Equal([5, 6], FeedParts.Given(_receiver));
        _node.Take(messages[0]);
        Assert.Empty(FeedParts.Given(_receiver));
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(17, 1)]
    [InlineData(18, 1)]
    [InlineData(257, 1)]
    [InlineData(400, 143)]
    public async Task Many_that_were_said_just_before_the_first_that_came_are_delivered_before_it(int count, long first)
    {
        var messages = Append(count);
        _node.Take(messages[^1]);
        await AnswerAllAsync();
        Assert.Equal(Enumerable.Range((int)first, count - (int)first + 1).Select(seq => (long)seq), FeedParts.Given(_receiver));
        foreach (var message in messages.Skip((int)first - 1))
            _node.Take(message);
        Assert.Empty(FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task Where_older_ones_begin_that_are_not_on_their_way_the_run_begins()
    {
        Append(20, time: 1_000_000);
        var messages = Append(5, time: 1_002_000);
        _node.Take(messages[4]);
        await AnswerAllAsync();
        Assert.Equal([21, 22, 23, 24, 25], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task Messages_that_come_while_the_one_before_the_first_is_looked_at_are_in_their_order()
    {
        Append(2, time: 997_000);
        var messages = Append(4);
        _node.Take(messages[2]);
        _node.Take(messages[3]);
        _node.Take(messages[0]);
        await AnswerAllAsync();
        Assert.Equal([3, 4, 5, 6], FeedParts.Given(_receiver));
    }

    [Fact]
    public void Where_the_log_does_not_tell_the_message_before_the_first_the_sessions_are_told_behind()
    {
        var messages = Append(3);
        _node.Take(messages[1]);
        _node.FailToAnswer();
        Assert.Equal([Behind, 2], FeedParts.Given(_receiver));
        _node.Take(messages[2]);
        Assert.Equal([3], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task What_comes_late_and_was_never_delivered_here_is_told_behind_once()
    {
        var old = _node.LogIn(10001, protocol: 1);
        Append(3, time: 1_000_000);
        var messages = Append(1, time: 1_003_000);
        _node.Take(messages[0]);
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([4], FeedParts.Given(_receiver));
        Assert.Equal([4], FeedParts.Given(old));

        var late = _node.History.All(Key);
        foreach (var index in new[] { 1, 1, 2, 1, 2 })
            _node.Take(late[index]);
        Assert.Equal([Behind], FeedParts.Given(_receiver));
        // It does not know what behind is.
        Assert.Equal([2, 3], FeedParts.Given(old));
        // From here on it knows what it had.
        _node.Take(late[3]);
        Assert.Empty(FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task A_connection_is_not_given_what_it_sent_itself()
    {
        var (phone, laptop) = (_node.LogIn(10001), _node.LogIn(10001));
        var messages = Append(2);
        // As a repair reads it, before this node's own log tells it; and in its turn.
        _node.Take(messages[1]);
        _node.Take(messages[1], phone);
        _node.Take(messages[0], phone);
        Assert.True(await _node.AnswerAsync());
        Assert.Empty(FeedParts.Given(phone));
        Assert.Equal([1, 2], FeedParts.Given(laptop));
        Assert.Equal([1, 2], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task Of_a_conversation_of_which_nobody_is_here_nothing_is_remembered()
    {
        var messages = Append(3, time: 1_000_000);
        _node.Take(messages[0]);
        _node.LogOut(_receiver);
        Assert.Equal(0, _node.Take(messages[2]));
        Assert.False(_node.Sequencer.Wanted.TryPeek(out _));
        var back = _node.LogIn(10002);
        _node.Take(Append(1, time: 1_005_000)[0]);
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([4], FeedParts.Given(back));
        Assert.Equal([1], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task More_than_may_be_held_is_let_go_and_read_from_the_log()
    {
        var messages = Append(HeldMessages.MaxCount + 50);
        _node.Take(messages[0]);
        foreach (var message in messages.Skip(2))
            _node.Take(message);
        _node.Take(messages[1]);
        List<long> given = [.. FeedParts.Given(_receiver)];
        Assert.Equal(HeldMessages.MaxCount + 2, given.Count);
        _node.Pass(10);
        Assert.True(await _node.AnswerAsync());
        given.AddRange(FeedParts.Given(_receiver));
        Assert.Equal(Enumerable.Range(1, messages.Count).Select(seq => (long)seq), given);
        Assert.False(await _node.AnswerAsync());
    }

    [Fact]
    public async Task Large_messages_are_held_by_their_bytes()
    {
        var data = new string('x', 50_000);
        var messages = Enumerable.Range(0, 100).Select(_ => _node.History.Append(Key, data: data)).ToList();
        foreach (var message in messages.Skip(1))
            _node.Take(message);
        var given = 0;
        for (var answered = true; answered; given += FeedParts.Given(_receiver).Length)
        {
            _node.Pass(50);
            answered = await _node.AnswerAsync();
        }

        Assert.Equal(100, given);
        Assert.InRange(_node.History.Reads, 100 - (HeldMessages.MaxBytes / data.Length), 30);
    }

    [Fact]
    public async Task A_store_that_began_anew_begins_each_conversation_anew()
    {
        var messages = Append(3);
        _node.Take(messages[0]);
        _node.Take(messages[2]);
        _node.Sequencer.Forget();
        Assert.Equal([1], FeedParts.Given(_receiver));
        _node.Pass(50);
        Assert.False(await _node.AnswerAsync());
        // What it knew of seqs drops nothing any more.
        _node.Take(messages[0]);
        Assert.Equal([1], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task An_answer_to_what_was_forgotten_is_dropped()
    {
        var messages = Append(3);
        _node.Take(messages[0]);
        _node.Take(messages[2]);
        _node.Pass(50);
        _node.Sequencer.Forget();
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([1], FeedParts.Given(_receiver));
    }

    [Fact]
    public async Task A_conversation_is_forgotten_a_minute_after_its_last_message()
    {
        var messages = Append(2, time: 1_000_000);
        _node.Take(messages[0]);
        _node.Pass(59_999);
        _node.Take(messages[1]);
        Assert.Equal([1, 2], FeedParts.Given(_receiver));
        _node.Pass(60_000);
        _node.Take(Append(1, time: 1_119_999)[0]);
        // What is before it is looked at again.
        Assert.Empty(FeedParts.Given(_receiver));
        Assert.True(await _node.AnswerAsync());
        Assert.Equal([3], FeedParts.Given(_receiver));
    }

    private async Task AnswerAllAsync()
    {
        while (await _node.AnswerAsync())
        {
            // As long as older ones may be on their way.
        }
    }

    private IReadOnlyList<StoredMessage> Append(int count, long time = 1_000_000) =>
        [.. Enumerable.Range(0, count).Select(_ => _node.History.Append(Key, time: time))];
}
