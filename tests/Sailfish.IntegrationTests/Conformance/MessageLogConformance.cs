using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// What is appended: seqs are 1, 2, 3… in each conversation, whatever fails meanwhile; each message is told of once, in the
/// order of the seqs, when it can be read; and it comes back as it went in.
/// </summary>
public abstract class MessageLogConformance : StoreConformance
{
    [Fact]
    public async Task Seqs_begin_at_1_in_each_conversation_whatever_ids_others_have_and_go_on_after_the_store_was_opened_again()
    {
        const int Rounds = 3;
        ConversationKey[] conversations =
        [
            Direct, ConversationKey.Direct(OtherApp, Ann, Bob), ConversationKey.Direct(App, Ann, Carol),
            Room(7), Room(8), Room(7, OtherApp), Room(Ann),
        ];
        var round = 0;
        await NowAndAfterReopeningAsync(async () =>
        {
            for (var last = round + Rounds; round < last; round++)
            {
                foreach (var conversation in conversations)
                    Assert.Equal(round + 1, (await AppendAsync(conversation, id: $"{round}", data: $"{conversation} {round}")).Stored!.Seq);
            }
        });
        foreach (var conversation in conversations)
            Assert.Equal(Enumerable.Range(0, 2 * Rounds).Select(r => (r + 1L, $"{conversation} {r}")), (await ReadAllAsync(conversation)).Select(m => (m.Seq, m.Data)));
    }

    [Fact]
    public async Task A_conversation_has_a_row_that_is_no_other_ones_and_stays()
    {
        Dictionary<ConversationKey, long> rows = [];
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var conversation in new[] { Direct, Room(7), Room(7, OtherApp), Room(8) })
            {
                var row = (await AppendAsync(conversation)).Stored!.ConversationId;
                Assert.Equal(rows.GetValueOrDefault(conversation, row), row);
                rows[conversation] = row;
            }
        });
        Assert.Equal(4, rows.Values.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_message_comes_back_as_it_went_in(string text)
    {
        foreach (var conversation in new[] { Room(Ids.Max), ConversationKey.Direct(Ids.Max, Ids.MinUser, Ids.Max) })
        {
            var sent = TestMessage.Of(conversation, Ids.Max, text, text, bizCode: int.MaxValue);
            AssertComesBack(sent, (await AppendAsync(sent)).Stored!);
            await NowAndAfterReopeningAsync(async () => AssertComesBack(sent, Assert.Single(await ReadAllAsync(conversation))));
        }
    }

    [Fact]
    public async Task A_long_message_comes_back_whole()
    {
        var text = string.Concat(Enumerable.Repeat("字👍a", 25_000));
        await AppendAsync(Room(7), data: text);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(text, Assert.Single(await ReadAllAsync(Room(7))).Data));
    }

    [Fact]
    public async Task A_message_that_cannot_be_stored_fails_alone_and_takes_no_seq()
    {
        Submission[] messages =
        [
            TestMessage.Of(Direct, Ann),
            TestMessage.Of(Direct, Ann, data: TestMessage.Unstorable),
            TestMessage.Of(Direct, Bob),
            TestMessage.Of(Room(7), Ann, data: TestMessage.Unstorable),
            TestMessage.Of(Room(7), Ann),
        ];
        await AppendTogetherAsync(messages);
        Assert.Equal([1, null, 2, null, 1], messages.Select(m => m.Stored?.Seq));
        Assert.Equal([false, true, false, true, false], messages.Select(m => m.Failure is not null));
        Assert.DoesNotContain(messages, m => m.IsDuplicate || m.IsTooLate);
        await NowAndAfterReopeningAsync(async () => Assert.Equal([1, 2], (await ReadAllAsync(Direct)).Select(m => m.Seq)));
        Assert.Equal(3, (await AppendAsync(Direct)).Stored!.Seq);
    }

    /// <summary>A store holds them, or does not: then it takes nobody with it.</summary>
    [Theory]
    [InlineData("a\0b", "a")]
    [InlineData("a", "a\0b")]
    [InlineData("a\ud800b", "a")]
    [InlineData("a", "\udc00")]
    public async Task Texts_that_are_none_do_not_keep_others_from_being_stored(string id, string data)
    {
        Submission[] messages =
        [
            TestMessage.Of(Direct, Ann, "before"), TestMessage.Of(Direct, Ann, id, data), TestMessage.Of(Direct, Ann, "behind"),
            TestMessage.Of(Room(7), Bob, id, data), TestMessage.Of(Room(7), Bob, "behind"),
        ];
        await AppendTogetherAsync(messages);
        foreach (var message in new[] { messages[0], messages[2], messages[4] })
            Assert.NotNull(message.Stored);
        foreach (var message in new[] { messages[1], messages[3] })
            Assert.True(message.Stored is not null ^ message.Failure is not null);
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var conversation in new[] { Direct, Room(7) })
            {
                var expected = messages.Where(m => m.Conversation == conversation && m.Stored is not null).Select(m => m.Stored!.Seq).ToList();
                Assert.Equal(Enumerable.Range(1, expected.Count).Select(seq => (long)seq), expected);
                Assert.Equal(expected, (await ReadAllAsync(conversation)).Select(m => m.Seq));
            }
        });
    }

    [Fact]
    public async Task A_transaction_that_fails_leaves_no_gap_and_nothing_twice()
    {
        await AppendAsync(Room(7));
        Submission[] messages = [.. Enumerable.Range(0, 20).Select(i => TestMessage.Of(i % 2 == 0 ? Room(7) : Direct, Ann, data: $"{i}"))];
        await TogetherAsync(() => AppendAllAsync(messages[..8]), FailAsync, () => AppendAllAsync(messages[8..16]), FailAsync, () => AppendAllAsync(messages[16..]));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (i / 2) + (i % 2 == 0 ? 2L : 1)), messages.Select(m => m.Stored!.Seq));
        Assert.DoesNotContain(messages, m => m.Failure is not null || m.IsDuplicate);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(["{}", .. Enumerable.Range(0, 10).Select(i => $"{2 * i}")], (await ReadAllAsync(Room(7))).Select(m => m.Data));
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{(2 * i) + 1}"), (await ReadAllAsync(Direct)).Select(m => m.Data));
        });
    }

    [Fact]
    public async Task Of_many_who_append_at_once_each_has_its_order_and_completions_come_in_that_of_the_seqs()
    {
        const int Each = 40;
        await AtOnceAsync(async caller =>
        {
            for (var i = 0; i < Each; i++)
                await Stores.Log.AppendAsync(TestMessage.Of(Room(7 + (i % 2)), Ann, data: $"{caller}:{i:00}"), CancellationToken.None);
        });
        await Wait.UntilAsync(() => Completions.All.Count == Callers * Each, "all to be told of");
        foreach (var conversation in Completions.All.GroupBy(r => r.Conversation))
        {
            Assert.Equal(Enumerable.Range(1, Callers * Each / 2).Select(seq => (long)seq), conversation.Select(r => r.Stored!.Seq));
            Assert.Equal(conversation.Select(r => r.Data), (await ReadAllAsync(conversation.Key)).Select(m => m.Data));
            foreach (var caller in conversation.Select(r => r.Data).GroupBy(data => data.Split(':')[0]))
                Assert.Equal(caller.Order(StringComparer.Ordinal), caller);
        }
    }

    [Fact]
    public async Task A_message_can_be_read_when_it_is_told_of()
    {
        foreach (var conversation in new[] { Direct, Room(7) })
        {
            for (var i = 1; i <= 50; i++)
            {
                var stored = (await AppendAsync(conversation, data: $"{i}")).Stored!;
                Assert.Equal(i, await Stores.History.NewestSeqAsync(conversation, CancellationToken.None));
                var page = await Stores.History.ReadAsync(conversation, i - 1, 10, int.MaxValue, CancellationToken.None);
                Assert.Equal((stored.MsgId, $"{i}"), (Assert.Single(page.Messages).MsgId, page.Messages[0].Data));
            }
        }
    }

    [Fact]
    public async Task Who_appends_more_than_the_store_takes_waits_and_what_is_given_up_is_not_stored()
    {
        const int Most = 100_000;
        var taken = 0;
        await TogetherAsync(async () =>
        {
            Task last;
            do
            {
                last = Stores.Log.AppendAsync(TestMessage.Of(Room(7), Ann, data: "kept"), CancellationToken.None).AsTask();
                taken++;
            }
            while (last.IsCompleted && taken < Most);
            Assert.False(last.IsCompleted, $"{taken} messages wait, and more may come.");
            using var givingUp = new CancellationTokenSource();
            var late = Stores.Log.AppendAsync(TestMessage.Of(Room(7), Ann, data: "given up"), givingUp.Token).AsTask();
            // At once: after this step the store goes on.
            givingUp.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
            await last;
        });
        await AppendAsync(Room(7), data: "kept");
        Assert.Equal(Enumerable.Repeat("kept", taken + 1), (await ReadAllAsync(Room(7))).Select(m => m.Data));
    }

    [Fact]
    public async Task All_that_was_handed_over_before_the_store_closes_is_stored_and_told_of()
    {
        const int Messages = 500;
        for (var i = 0; i < Messages; i++)
            await Stores.Log.AppendAsync(TestMessage.Of(Room(7), Ann), CancellationToken.None);
        await ReopenAsync();
        Assert.Equal(Enumerable.Range(1, Messages).Select(seq => (long)seq), Completions.All.Select(r => r.Stored!.Seq));
        Assert.Equal(Messages, await Stores.History.NewestSeqAsync(Room(7), CancellationToken.None));
    }

    [Fact]
    public async Task Each_is_told_of_once_and_then_that_the_log_is_closed()
    {
        const int Messages = 100;
        await FillAsync(Direct, [.. Enumerable.Repeat(Ann, Messages)]);
        await AppendAsync(Direct, data: TestMessage.Unstorable);
        Assert.Equal((Messages + 1, 0), (Completions.All.Count, Completions.Closings));
        await CloseAsync();
        Assert.Equal((Messages + 1, 1), (Completions.All.Count, Completions.Closings));
    }

    [Fact]
    public async Task While_whoever_is_told_does_not_go_on_those_who_append_wait()
    {
        const int Most = 100_000;
        Completions.Hold();
        await Stores.Log.AppendAsync(TestMessage.Of(Room(7), Ann), CancellationToken.None);
        await Wait.UntilAsync(() => Completions.IsHolding, "the first to be told of");
        Task last;
        var taken = 1;
        do
        {
            last = Stores.Log.AppendAsync(TestMessage.Of(Room(7), Ann), CancellationToken.None).AsTask();
            taken++;
        }
        while (last.IsCompleted && taken < Most);
        Assert.False(last.IsCompleted, $"{taken} messages wait, and more may come.");
        Completions.GoOn();
        await last;
        await AppendAsync(Room(7));
        Assert.Equal(taken + 1, Completions.All.Count);
    }

    private Task<Submission[]> AppendAllAsync(Submission[] messages) => Task.WhenAll(messages.Select(AppendAsync));

    private static void AssertComesBack(Submission sent, StoredMessage stored) => Assert.Equal(
        (sent.Conversation, sent.SenderId, sent.BizCode, sent.Data, sent.Time),
        (stored.Conversation, stored.SenderId, stored.BizCode, stored.Data, stored.Time));
}
