using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

public sealed class PendingListTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);
    private static readonly ConversationKey One = ConversationKey.Direct(1, 10001, 10002);
    private static readonly ConversationKey Other = ConversationKey.Direct(1, 10001, 10003);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_message_is_due_once_its_time_has_passed_and_not_before()
    {
        var list = new PendingList(_time);
        list.Add(Fakes.Message(One, 1));
        _time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(list.TryTakeDue(Timeout, out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(list.TryTakeDue(Timeout, out var due));
        Assert.Equal((1, 0), (due.Message.Seq, due.Resends));
        Assert.False(list.TryTakeDue(Timeout, out _));
    }

    [Fact]
    public void A_message_sent_again_waits_its_whole_time_anew_behind_younger_ones()
    {
        var list = new PendingList(_time);
        list.Add(Fakes.Message(One, 1));
        _time.Advance(Timeout / 2);
        list.Add(Fakes.Message(One, 2));
        _time.Advance(Timeout / 2);
        Assert.True(list.TryTakeDue(Timeout, out var due));
        list.Add(due.Message, due.Resends + 1);
        Assert.False(list.TryTakeDue(Timeout, out _));
        _time.Advance(Timeout / 2);
        Assert.True(list.TryTakeDue(Timeout, out due));
        Assert.Equal((2, 0), (due.Message.Seq, due.Resends));
        _time.Advance(Timeout / 2);
        Assert.True(list.TryTakeDue(Timeout, out due));
        Assert.Equal((1, 1), (due.Message.Seq, due.Resends));
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void Acks_take_out_one_message_or_all_of_a_conversation_up_to_a_seq()
    {
        var list = new PendingList(_time);
        for (var seq = 1; seq <= 4; seq++)
        {
            list.Add(Fakes.Message(One, seq, row: 7));
            list.Add(Fakes.Message(Other, seq, row: 8));
        }

        Assert.Equal(2, list.Remove(7, 2)?.Seq);
        Assert.Null(list.Remove(7, 2));
        Assert.Null(list.Remove(9, 1));
        list.RemoveUpTo(Other, 3);
        list.RemoveUpTo(Other, 3);
        Assert.Equal(4, list.Count);
        _time.Advance(Timeout);
        List<(string, long)> left = [];
        while (list.TryTakeDue(Timeout, out var due))
            left.Add((due.Message.Conversation.Name, due.Message.Seq));
        Assert.Equal([(One.Name, 1), (One.Name, 3), (One.Name, 4), (Other.Name, 4)], left);
    }

    [Fact]
    public void It_does_what_a_plain_list_would_do()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var list = new PendingList(_time);
            List<(long Row, long Seq)> plain = [];
            for (var seq = 1L; seq <= 4000; seq++)
            {
                var row = random.Next(2) + 1;
                list.Add(Fakes.Message(row == 1 ? One : Other, seq, row));
                plain.Add((row, seq));
                if (plain.Count > PendingList.Capacity)
                    plain.RemoveAt(0);
                Ack(list, plain, random, round);
                Assert.Equal(plain.Count, list.Count);
            }

            _time.Advance(Timeout);
            foreach (var (row, seq) in plain)
            {
                Assert.True(list.TryTakeDue(Timeout, out var due));
                Assert.Equal((row, seq), (due.Message.ConversationId, due.Message.Seq));
            }

            Assert.False(list.TryTakeDue(Timeout, out _));
        }
    }

    /// <summary>Of the oldest, of any, up to any; more or less often by the round.</summary>
    private static void Ack(PendingList list, List<(long Row, long Seq)> plain, Random random, int round)
    {
        if (plain.Count == 0 || random.Next(20) < round)
            return;
        var (row, seq) = plain[random.Next(3) == 0 ? random.Next(plain.Count) : 0];
        if (random.Next(50) == 0)
        {
            list.RemoveUpTo(row == 1 ? One : Other, seq);
            plain.RemoveAll(p => p.Row == row && p.Seq <= seq);
            return;
        }

        Assert.Equal(seq, list.Remove(row, seq)?.Seq);
        plain.Remove((row, seq));
        Assert.Null(list.Remove(row, seq));
    }

    [Fact]
    public void A_full_list_lets_go_of_the_oldest()
    {
        var list = new PendingList(_time);
        for (var seq = 1; seq <= PendingList.Capacity + 3; seq++)
            list.Add(Fakes.Message(One, seq));
        Assert.Equal(PendingList.Capacity, list.Count);
        Assert.Null(list.Remove(1, 3));
        Assert.NotNull(list.Remove(1, 4));
    }
}
