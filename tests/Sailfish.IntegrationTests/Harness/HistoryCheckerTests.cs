namespace Sailfish.IntegrationTests.Harness;

/// <summary>The checker finds each fault, and nothing where there is none.</summary>
public sealed class HistoryCheckerTests
{
    private const long Ann = 10_001;
    private const long Bob = 10_002;
    private const string Room = "r:7";
    private const string Direct = "d:10001:10002";

    private readonly ClientHistory _ann = new(Ann);
    private readonly ClientHistory _bob = new(Bob);
    private readonly Dictionary<string, IReadOnlyList<LogEntry>> _logs = new()
    {
        [Room] = [.. Enumerable.Range(1, 6).Select(seq => Entry(seq, seq % 2 == 0 ? Bob : Ann))],
        [Direct] = [.. Enumerable.Range(11, 3).Select(n => Entry(n, Ann) with { Seq = n - 10 })],
    };

    [Fact]
    public void A_history_in_which_all_is_well_has_no_fault()
    {
        WriteBoth();
        Assert.Empty(Check());
    }

    [Fact]
    public void A_message_that_comes_twice_under_its_id_is_no_fault()
    {
        WriteBoth();
        Push(_bob, Room, 1);
        Pull(_bob, Room, 3);
        Assert.Empty(Check());
    }

    [Fact]
    public void What_came_before_a_room_was_joined_need_not_come()
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room, 3);
        Receipt(_bob, Room, 4);
        Push(_bob, Room, 5);
        Receipt(_bob, Room, 6);
        Pull(_bob, Direct, 1, 2, 3);
        Assert.Empty(Check(_bob));
    }

    [Fact]
    public void What_was_skipped_and_told_of_may_come_by_SYNC()
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room);
        Push(_bob, Room, 1);
        _bob.Add(Seen.Behind, Room);
        Push(_bob, Room, 5);
        Pull(_bob, Room, 2, 3, 4, 6);
        Pull(_bob, Direct, 1, 2, 3);
        Assert.Empty(Check(_bob));
    }

    [Fact]
    public void A_new_connection_begins_where_it_joins()
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room);
        Push(_bob, Room, 1);
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room, 4);
        Push(_bob, Room, 5);
        Pull(_bob, Room, 2, 3, 4, 6);
        Pull(_bob, Direct, 1, 2, 3);
        Assert.Empty(Check(_bob));
    }

    [Fact]
    public void A_receipted_message_that_is_not_in_the_log_is_lost()
    {
        WriteBoth();
        _ann.Add(Seen.Receipted, Room, 7, "id7", "key7");
        AssertFault(FaultKind.Lost, Ann);
    }

    [Fact]
    public void A_receipted_message_whose_place_another_one_has_is_lost()
    {
        WriteBoth();
        _ann.Add(Seen.Receipted, Room, 4, "id9", "key9");
        AssertFault(FaultKind.Lost, Ann);
    }

    [Fact]
    public void A_log_with_a_hole_has_a_gap()
    {
        _logs[Room] = [.. _logs[Room].Where(entry => entry.Seq != 3)];
        AssertFault(FaultKind.Gap, 0);
    }

    [Fact]
    public void A_log_that_does_not_begin_with_the_first_has_a_gap()
    {
        _logs[Room] = [.. _logs[Room].Skip(1)];
        AssertFault(FaultKind.Gap, 0);
    }

    [Fact]
    public void A_seq_that_is_not_brought_and_not_told_of_is_a_gap_though_it_comes_by_SYNC()
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room);
        Push(_bob, Room, 1);
        Push(_bob, Room, 5);
        Pull(_bob, Room, 2, 3, 4, 6);
        Pull(_bob, Direct, 1, 2, 3);
        AssertFault(FaultKind.Gap, Bob);
    }

    [Fact]
    public void A_first_message_that_does_not_follow_the_join_is_a_gap()
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room);
        Push(_bob, Room, 3);
        Pull(_bob, Room, 1, 2, 4, 5, 6);
        Pull(_bob, Direct, 1, 2, 3);
        AssertFault(FaultKind.Gap, Bob);
    }

    [Fact]
    public void A_message_behind_a_later_one_is_reordered()
    {
        WriteBoth();
        _bob.Add(Seen.Connected);
        Push(_bob, Room, 3);
        Push(_bob, Room, 1);
        AssertFault(FaultKind.Reordered, Bob);
    }

    [Fact]
    public void One_message_under_two_ids_is_doubled()
    {
        WriteBoth();
        _bob.Add(Seen.Pulled, Room, 3, "other", "key3");
        AssertFault(FaultKind.Doubled, Bob);
    }

    [Fact]
    public void One_id_at_two_places_is_doubled()
    {
        WriteBoth();
        _bob.Add(Seen.Pulled, Room, 5, "id3", "key3");
        AssertFault(FaultKind.Doubled, Bob);
    }

    [Fact]
    public void One_id_twice_in_the_log_is_doubled()
    {
        _logs[Room] = [.. _logs[Room], Entry(7, Ann) with { MsgId = "id1" }];
        AssertFault(FaultKind.Doubled, 0);
    }

    [Fact]
    public void One_key_of_a_sender_that_is_two_messages_is_found_and_of_two_senders_is_none()
    {
        _logs[Room] = [.. _logs[Room], Entry(7, Bob) with { Key = "key1" }];
        Assert.Empty(Check([]));
        _logs[Room] = [.. _logs[Room], Entry(8, Ann) with { Key = "key1" }];
        AssertFault(FaultKind.KeyTwice, 0);
    }

    [Fact]
    public void One_key_that_is_receipted_with_two_places_is_found()
    {
        WriteBoth();
        _ann.Add(Seen.Receipted, Room, 3, "id3", "key1");
        AssertFault(FaultKind.ReceiptChanged, Ann);
    }

    [Fact]
    public void What_is_not_in_the_log_is_invented()
    {
        WriteBoth();
        _bob.Add(Seen.Pushed, Room, 7, "id7", "key7");
        AssertFault(FaultKind.Invented, Bob);
    }

    [Fact]
    public void Another_text_than_the_logs_is_invented()
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room);
        Pull(_bob, Room, 1, 2, 4, 5, 6);
        Pull(_bob, Direct, 1, 2, 3);
        _bob.Add(Seen.Pulled, Room, 3, "id3", "another text");
        AssertFault(FaultKind.Invented, Bob);
    }

    [Fact]
    public void Two_texts_under_one_id_are_doubled()
    {
        WriteBoth();
        _bob.Add(Seen.Pulled, Room, 3, "id3", "another text");
        AssertFault(FaultKind.Doubled, Bob);
    }

    [Theory]
    [InlineData(Room, 5)]
    [InlineData(Room, 6)]
    [InlineData(Direct, 3)]
    public void What_a_client_never_gets_is_missed(string conversation, long seq)
    {
        _bob.Add(Seen.Connected);
        _bob.Add(Seen.Joined, Room);
        foreach (var (name, log) in _logs)
            Pull(_bob, name, [.. log.Select(entry => entry.Seq).Where(s => (name, s) != (conversation, seq))]);
        AssertFault(FaultKind.Missed, Bob);
    }

    [Fact]
    public void What_a_client_calls_wrong_is_told()
    {
        WriteBoth();
        _bob.Add(Seen.Wrong, key: "replaced by nobody");
        AssertFault(FaultKind.Wrong, Bob);
    }

    private static LogEntry Entry(long n, long sender) => new(n, $"id{n}", sender, $"key{n}");

    private IReadOnlyList<HistoryFault> Check(params ClientHistory[] clients) => HistoryChecker.Check(clients, _logs);

    private IReadOnlyList<HistoryFault> Check() => Check(_ann, _bob);

    /// <summary>A fault of this kind and of this user, and none of a kind that does not come with it.</summary>
    private void AssertFault(FaultKind kind, long user)
    {
        var faults = Check([.. new[] { _ann, _bob }.Where(client => client.Events.Count > 0)]);
        Assert.Contains(faults, fault => fault.Kind == kind && fault.User == user);
        // A message at a wrong place is wrong in more than one way.
        FaultKind[] along = kind is FaultKind.Doubled or FaultKind.ReceiptChanged ? [kind, FaultKind.Invented, FaultKind.Lost] : [kind];
        Assert.All(faults, fault => Assert.Contains(fault.Kind, along));
    }

    /// <summary>Both were there from the beginning, and each got the other's by itself and a receipt for its own.</summary>
    private void WriteBoth()
    {
        foreach (var client in new[] { _ann, _bob })
        {
            client.Add(Seen.Connected);
            client.Add(Seen.Joined, Room);
            foreach (var (conversation, log) in _logs)
            {
                foreach (var entry in log)
                {
                    if (entry.Sender == client.UserId)
                        Receipt(client, conversation, entry.Seq);
                    else
                        Push(client, conversation, entry.Seq);
                }
            }
        }
    }

    private void Push(ClientHistory client, string conversation, long seq) => Add(client, Seen.Pushed, conversation, seq);

    private void Pull(ClientHistory client, string conversation, params ReadOnlySpan<long> seqs)
    {
        foreach (var seq in seqs)
            Add(client, Seen.Pulled, conversation, seq);
    }

    private void Receipt(ClientHistory client, string conversation, long seq) => Add(client, Seen.Receipted, conversation, seq);

    private void Add(ClientHistory client, Seen what, string conversation, long seq)
    {
        var entry = _logs[conversation].Single(e => e.Seq == seq);
        client.Add(what, conversation, seq, entry.MsgId, entry.Key);
    }
}
