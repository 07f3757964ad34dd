using Sailfish.Client;
using Sailfish.Client.Receiving;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Tests.Client.Receiving;

public sealed class InboxTests
{
    private const string Direct = "d:10001:10002";
    private const string Room = "r:7";
    private readonly RecordingSink _sink = new();
    private readonly Inbox _inbox;

    public InboxTests() => _inbox = new Inbox(_sink, holdLimit: 8);

    [Fact]
    public void Pushes_in_order_are_delivered_and_acked_cumulatively()
    {
        Push(Direct, 1, 2, 3);
        Assert.Equal([1, 2, 3], _sink.Seqs);
        Assert.Equal([$"{Direct}<=1", $"{Direct}<=2", $"{Direct}<=3"], _sink.Acks);
        Assert.Empty(_sink.Syncs);
    }

    [Fact]
    public void Second_copy_is_not_delivered_but_acked_again()
    {
        Push(Direct, 1, 2, 1);
        Assert.Equal([1, 2], _sink.Seqs);
        Assert.Equal($"{Direct}<=2", _sink.Acks[^1]);
    }

    [Fact]
    public void Conversation_that_begins_in_the_middle_is_acked_by_msgId()
    {
        Push(Direct, 5, 6);
        Assert.Equal([5, 6], _sink.Seqs);
        Assert.Equal(["d:10001:10002#5", "d:10001:10002#6"], _sink.Acks);
    }

    [Fact]
    public void Message_from_before_the_known_beginning_is_delivered_late_once()
    {
        Push(Direct, 5, 4, 4);
        Assert.Equal([5, 4], _sink.Seqs);
    }

    [Fact]
    public void Gap_holds_back_until_the_missing_come()
    {
        Push(Direct, 1, 3, 4);
        Assert.Equal([1], _sink.Seqs);
        Assert.Contains(Direct, _sink.Syncs);
        Assert.Equal(1, _inbox.SyncAfter(Direct));
        Arrive(Direct, MessageSource.Repair, 2, 3, 4);
        Assert.Equal([1, 2, 3, 4], _sink.Seqs);
        Assert.Equal($"{Direct}<=4", _sink.Acks[^1]);
        Assert.Equal(RepairOutcome.Whole, _inbox.Settle(Direct));
    }

    [Fact]
    public void Receipt_of_an_own_message_closes_its_place()
    {
        Push(Direct, 1);
        Receive(Direct, 2);
        Push(Direct, 3);
        Assert.Equal([1, 3], _sink.Seqs);
        Assert.Empty(_sink.Syncs);
    }

    [Fact]
    public void Receipt_that_comes_after_the_next_push_closes_the_gap()
    {
        Push(Direct, 1, 3);
        Receive(Direct, 2);
        Assert.Equal([1, 3], _sink.Seqs);
    }

    [Fact]
    public void Push_that_comes_after_the_receipt_behind_it_is_not_lost()
    {
        Receive(Direct, 8);
        Push(Direct, 7, 9);
        Assert.Equal([7, 9], _sink.Seqs);
        Assert.DoesNotContain($"{Direct}<=9", _sink.Acks);
    }

    [Fact]
    public void Own_message_known_by_receipt_is_not_delivered_by_a_repair()
    {
        Push(Direct, 1);
        Receive(Direct, 3);
        Arrive(Direct, MessageSource.Repair, 2, 3);
        Assert.Equal([1, 2], _sink.Seqs);
    }

    [Fact]
    public void Pushes_during_the_pull_wait_for_what_is_older()
    {
        _inbox.BeginPull();
        Push(Direct, 10);
        Assert.Empty(_sink.Delivered);
        Arrive(Direct, MessageSource.Pull, 7, 8, 9);
        _inbox.EndPull();
        Assert.Equal([7, 8, 9, 10], _sink.Seqs);
        Assert.Equal($"{Direct}<=10", _sink.Acks[^1]);
        Assert.Empty(_sink.Syncs);
    }

    [Fact]
    public void Pushes_during_an_empty_pull_come_after_it()
    {
        _inbox.BeginPull();
        Push(Direct, 10, 11);
        _inbox.EndPull();
        Assert.Equal([10, 11], _sink.Seqs);
        Assert.Equal($"{Direct}<=11", _sink.Acks[^1]);
    }

    [Fact]
    public void Pull_that_is_not_whole_leaves_single_acks()
    {
        _inbox.BeginPull();
        Push(Direct, 10);
        _inbox.EndPull(isWhole: false);
        Push(Direct, 11, 9);
        Assert.Equal([10, 11, 9], _sink.Seqs);
        Assert.Equal([$"{Direct}#10", $"{Direct}#11", $"{Direct}#9"], _sink.Acks);
    }

    [Fact]
    public void Whole_pull_after_one_that_was_not_brings_what_was_left_out()
    {
        _inbox.BeginPull();
        Push(Direct, 10);
        _inbox.EndPull(isWhole: false);
        _inbox.BeginPull();
        Arrive(Direct, MessageSource.Pull, 8, 9);
        _inbox.EndPull();
        Push(Direct, 11);
        Assert.Equal([10, 8, 9, 11], _sink.Seqs);
        Assert.Equal($"{Direct}<=11", _sink.Acks[^1]);
    }

    [Fact]
    public void Skipped_messages_are_not_covered_by_an_ack()
    {
        Push(Direct, 1, 3);
        _inbox.GiveUp(Direct);
        Push(Direct, 4);
        Assert.Equal([$"{Direct}<=1", $"{Direct}#3", $"{Direct}#4"], _sink.Acks);
        Push(Direct, 2);
        Assert.Equal([1, 3, 4, 2], _sink.Seqs);
    }

    [Fact]
    public void Own_messages_left_out_of_the_pull_are_no_gap()
    {
        _inbox.BeginPull();
        Arrive(Direct, MessageSource.Pull, 5, 7, 9);
        _inbox.EndPull();
        Assert.Equal([5, 7, 9], _sink.Seqs);
        Assert.Equal($"{Direct}<=9", _sink.Acks[^1]);
        Assert.Empty(_sink.Syncs);
    }

    [Fact]
    public void Pull_after_a_reconnect_asks_for_what_other_devices_sent()
    {
        Push(Direct, 1, 2);
        _inbox.BeginPull();
        Arrive(Direct, MessageSource.Pull, 5);
        Assert.Equal([1, 2], _sink.Seqs);
        Assert.Contains(Direct, _sink.Syncs);
        Arrive(Direct, MessageSource.Repair, 3, 4, 5);
        _inbox.EndPull();
        Assert.Equal([1, 2, 3, 4, 5], _sink.Seqs);
    }

    [Fact]
    public void Room_begins_at_the_join_and_is_not_acked()
    {
        _inbox.ExpectRoom(Room);
        Push(Room, 11);
        _inbox.JoinRoom(Room, 10, history: 0);
        Push(Room, 12);
        Assert.Equal([11, 12], _sink.Seqs);
        Assert.Empty(_sink.Acks);
    }

    [Fact]
    public void Room_history_comes_before_what_is_pushed_meanwhile()
    {
        _inbox.ExpectRoom(Room);
        _inbox.JoinRoom(Room, 10, history: 3);
        Push(Room, 8, 11, 9, 10);
        Assert.Equal([8, 9, 10, 11], _sink.Seqs);
    }

    [Fact]
    public void Room_history_that_is_shorter_than_asked_for_is_no_gap()
    {
        _inbox.JoinRoom(Room, 10, history: 5);
        Push(Room, 8, 9, 10, 11);
        Assert.Equal([8, 9, 10, 11], _sink.Seqs);
        Assert.Empty(_sink.Syncs);
    }

    [Fact]
    public void Room_joined_again_asks_for_what_was_missed()
    {
        _inbox.JoinRoom(Room, 10, 0);
        Push(Room, 11);
        _inbox.BeginPull();
        _inbox.JoinRoom(Room, 14, 0);
        Assert.Equal([Room], _sink.Syncs);
        Assert.Equal(11, _inbox.SyncAfter(Room));
        Push(Room, 15);
        Arrive(Room, MessageSource.Repair, 12, 13, 14, 15);
        Assert.Equal([11, 12, 13, 14, 15], _sink.Seqs);
    }

    [Fact]
    public void Room_whose_numbering_began_anew_is_followed()
    {
        _inbox.JoinRoom(Room, 100, 0);
        _inbox.BeginPull();
        _inbox.JoinRoom(Room, 2, 0);
        Push(Room, 3);
        Assert.Equal([3], _sink.Seqs);
    }

    [Fact]
    public void Join_of_a_joined_room_delivers_nothing_twice()
    {
        _inbox.JoinRoom(Room, 0, 0);
        Push(Room, 1, 2);
        _inbox.JoinRoom(Room, 1, 0);
        Push(Room, 2, 3);
        Assert.Equal([1, 2, 3], _sink.Seqs);
    }

    [Fact]
    public void Room_that_was_not_joined_is_not_heard()
    {
        Push(Room, 1);
        Assert.Empty(_sink.Delivered);
    }

    [Fact]
    public void Room_left_and_joined_again_gives_its_history_again()
    {
        _inbox.JoinRoom(Room, 2, 2);
        Push(Room, 1, 2);
        _inbox.LeaveRoom(Room);
        _inbox.JoinRoom(Room, 2, 2);
        Push(Room, 1, 2);
        Assert.Equal([1, 2, 1, 2], _sink.Seqs);
    }

    [Fact]
    public void Room_left_with_a_gap_delivers_what_is_there_and_tells_the_gap()
    {
        _inbox.JoinRoom(Room, 0, 0);
        Push(Room, 1, 4, 5, 8);
        _inbox.LeaveRoom(Room);
        Assert.Equal([1, 4, 5, 8], _sink.Seqs);
        Assert.Equal([$"{Room} 2-3", $"{Room} 6-7"], _sink.Gaps);
    }

    [Fact]
    public void Truncated_history_is_told_and_skipped()
    {
        _inbox.JoinRoom(Room, 0, 0);
        Push(Room, 1, 9);
        _inbox.Truncate(Room, 5);
        Arrive(Room, MessageSource.Repair, 5, 6, 7, 8, 9);
        Assert.Equal([1, 5, 6, 7, 8, 9], _sink.Seqs);
        Assert.Equal([$"{Room} 2-4"], _sink.Gaps);
    }

    [Fact]
    public void Giving_up_goes_on_behind_the_gap()
    {
        Push(Direct, 1, 3);
        Assert.Equal(RepairOutcome.Missing, _inbox.Settle(Direct));
        _inbox.GiveUp(Direct);
        Assert.Equal([1, 3], _sink.Seqs);
        Assert.Equal([$"{Direct} 2-2"], _sink.Gaps);
        Assert.Null(_inbox.SyncAfter(Direct));
    }

    [Fact]
    public void Full_inbox_takes_nothing_and_asks_for_it_later()
    {
        _sink.Room = 2;
        Push(Direct, 1, 2, 3, 4);
        Assert.Equal([1, 2], _sink.Seqs);
        Assert.Equal($"{Direct}<=2", _sink.Acks[^1]);
        Assert.Equal(2, _inbox.SyncAfter(Direct));
        _sink.Room = 10;
        Arrive(Direct, MessageSource.Repair, 3, 4);
        Assert.Equal([1, 2, 3, 4], _sink.Seqs);
    }

    [Fact]
    public void Full_inbox_leaves_no_hole_in_a_pull()
    {
        _sink.Room = 1;
        _inbox.BeginPull();
        Arrive(Direct, MessageSource.Pull, 5, 7);
        _sink.Room = 10;
        Arrive(Direct, MessageSource.Pull, 9);
        Assert.Equal([5], _sink.Seqs);
        Arrive(Direct, MessageSource.Repair, 6, 7, 8, 9);
        _inbox.EndPull();
        Assert.Equal([5, 6, 7, 8, 9], _sink.Seqs);
        Assert.DoesNotContain($"{Direct}<=7", _sink.Acks.Take(1));
    }

    [Fact]
    public void Late_message_that_finds_no_room_comes_by_a_repair()
    {
        Push(Direct, 8);
        _sink.Room = 1;
        Push(Direct, 7);
        Assert.Equal(6, _inbox.SyncAfter(Direct));
        _sink.Room = 10;
        Arrive(Direct, MessageSource.Repair, 7, 8);
        Assert.Equal([8, 7], _sink.Seqs);
    }

    [Fact]
    public void More_than_can_be_held_is_pulled_instead()
    {
        Push(Direct, 1);
        Push(Direct, [.. Enumerable.Range(3, 20).Select(seq => (long)seq)]);
        Arrive(Direct, MessageSource.Repair, 2);
        Assert.Equal(10, _inbox.SyncAfter(Direct));
        Arrive(Direct, MessageSource.Repair, [.. Enumerable.Range(11, 12).Select(seq => (long)seq)]);
        Assert.Equal(Enumerable.Range(1, 22).Select(seq => (long?)seq), _sink.Seqs);
    }

    [Fact]
    public void Behind_asks_even_when_nothing_is_known_to_be_missing()
    {
        Push(Direct, 1);
        Assert.Null(_inbox.SyncAfter(Direct));
        Assert.True(_inbox.Behind(Direct));
        Assert.Equal(1, _inbox.SyncAfter(Direct));
        Assert.Equal(RepairOutcome.Whole, _inbox.Settle(Direct));
        Assert.Null(_inbox.SyncAfter(Direct));
    }

    [Fact]
    public void Message_without_a_number_is_delivered_once_by_its_name()
    {
        _inbox.Arrive(Message(null, null, "x"), MessageSource.Push);
        _inbox.Arrive(Message(null, null, "x"), MessageSource.Push);
        Assert.Single(_sink.Delivered);
    }

    [Fact]
    public void Closed_inbox_takes_and_acks_nothing_more()
    {
        Push(Direct, 1);
        _inbox.Close();
        Push(Direct, 2);
        Assert.Equal([1], _sink.Seqs);
        Assert.Equal([$"{Direct}<=1"], _sink.Acks);
    }

    [Fact]
    public void Forgotten_conversations_cost_nothing_but_their_cumulative_acks()
    {
        var inbox = new Inbox(_sink, conversationLimit: 10);
        for (var i = 0; i < 100; i++)
            inbox.Arrive(Message($"d:10001:{20000 + i}", 1, $"m{i}"), MessageSource.Push);
        inbox.Arrive(Message("d:10001:20000", 2, "n"), MessageSource.Push);
        Assert.Equal(101, _sink.Delivered.Count);
        Assert.Equal("n", _sink.Acks[^1]);
    }

    [Fact]
    public void Any_arrival_order_is_delivered_in_seq_order_once()
    {
        var random = new Random(42);
        for (var round = 0; round < 200; round++)
        {
            var sink = new RecordingSink();
            var inbox = new Inbox(sink);
            inbox.JoinRoom(Room, 0, 0);
            var copies = Enumerable.Range(1, 30).Concat(Enumerable.Range(1, 30)).Select(seq => (long)seq).ToArray();
            random.Shuffle(copies);
            foreach (var seq in copies)
                inbox.Arrive(Message(Room, seq, $"{seq}"), MessageSource.Push);
            Assert.Equal(Enumerable.Range(1, 30).Select(seq => (long?)seq), sink.Seqs);
        }
    }

    private void Push(string conversation, params long[] seqs) => Arrive(conversation, MessageSource.Push, seqs);

    private void Arrive(string conversation, MessageSource source, params long[] seqs)
    {
        foreach (var seq in seqs)
            _inbox.Arrive(Message(conversation, seq, $"{conversation}#{seq}"), source);
    }

    private void Receive(string conversation, long seq) =>
        _inbox.Receipt(new Receipt($"{conversation}#{seq}", conversation, seq, DateTimeOffset.UnixEpoch));

    private static SailfishMessage Message(string? conversation, long? seq, string msgId) =>
        new() { MsgId = msgId, BizCode = BizCodes.Chat, Conversation = conversation, Seq = seq, Data = "{}" };
}
