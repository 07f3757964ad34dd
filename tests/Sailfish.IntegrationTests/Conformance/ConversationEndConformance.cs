using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// A message that closes its conversation is the last in it: what comes later is too late and not stored, in whatever order
/// and transaction it comes; what was stored before is told of again all the same.
/// </summary>
public abstract class ConversationEndConformance : StoreConformance
{
    [Fact]
    public async Task What_comes_after_the_end_is_too_late()
    {
        await AppendAsync(Room(7));
        Assert.Equal(2, (await AppendAsync(End(Room(7)))).Stored!.Seq);
        await NowAndAfterReopeningAsync(async () =>
        {
            AssertTooLate(await AppendAsync(Room(7)));
            AssertTooLate(await AppendAsync(Room(7), Bob, "a"));
            AssertTooLate(await AppendAsync(End(Room(7))));
            Assert.Equal([1, 2], (await ReadAllAsync(Room(7))).Select(m => m.Seq));
            Assert.Equal(2, await Stores.History.NewestSeqAsync(Room(7), CancellationToken.None));
        });
    }

    [Fact]
    public async Task Other_conversations_go_on()
    {
        await AppendAsync(End(Room(7)));
        foreach (var conversation in new[] { Room(8), Room(7, OtherApp), Direct })
            Assert.Equal(1, (await AppendAsync(conversation)).Stored!.Seq);
    }

    [Fact]
    public async Task What_was_stored_before_the_end_is_told_of_again_after_it()
    {
        var before = await AppendAsync(Room(7), id: "a");
        await AppendAsync(Direct, id: "b");
        var end = await AppendAsync(End(Room(7), "end"));
        await NowAndAfterReopeningAsync(async () =>
        {
            AssertRepeats(before, await AppendAsync(Room(7), id: "a"));
            // Stored before, but not here.
            AssertTooLate(await AppendAsync(Room(7), id: "b"));
            AssertRepeats(end, await AppendAsync(End(Room(7), "end")));
        });
    }

    [Fact]
    public async Task An_end_in_a_transaction_that_fails_is_the_end_all_the_same()
    {
        await AppendAsync(Room(7));
        Submission[] messages = [TestMessage.Of(Room(7), Ann, "a"), End(Room(7)), TestMessage.Of(Room(7), Ann), TestMessage.Of(Room(7), Ann, "a"), End(Room(7))];
        await TogetherAsync([.. messages.Select(message => new Func<Task>(() => AppendAsync(message))), FailAsync]);
        Assert.Equal([2, 3], messages[..2].Select(m => m.Stored!.Seq));
        AssertTooLate(messages[2]);
        AssertRepeats(messages[0], messages[3]);
        AssertTooLate(messages[4]);
        Assert.Equal([1, 2, 3], (await ReadAllAsync(Room(7))).Select(m => m.Seq));
    }

    [Fact]
    public async Task An_end_that_could_not_be_stored_ends_nothing()
    {
        await AppendAsync(Room(7));
        var end = await AppendAsync(TestMessage.Of(Room(7), Ann, data: TestMessage.Unstorable, closes: true));
        Assert.NotNull(end.Failure);
        await NowAndAfterReopeningAsync(async () => Assert.NotNull((await AppendAsync(Room(7))).Stored));
        Assert.Equal([1, 2, 3], (await ReadAllAsync(Room(7))).Select(m => m.Seq));
    }

    [Fact]
    public async Task A_repeat_ends_nothing()
    {
        var first = await AppendAsync(Room(7), id: "a");
        AssertRepeats(first, await AppendAsync(End(Room(7), "a")));
        await NowAndAfterReopeningAsync(async () => Assert.NotNull((await AppendAsync(Room(7))).Stored));
    }

    [Fact]
    public async Task Of_many_who_write_while_it_ends_all_are_before_the_end_or_too_late()
    {
        var messages = await AtOnceAsync(caller => AppendAsync(caller % 5 == 4 ? End(Room(7)) : TestMessage.Of(Room(7), Ann)));
        var stored = await ReadAllAsync(Room(7));
        Assert.Equal(stored.Count, messages.Count(m => m.Stored is not null));
        Assert.Equal(stored[^1].Seq, Assert.Single(messages, m => m.Closes && m.Stored is not null).Stored!.Seq);
        foreach (var late in messages.Where(m => m.Stored is null))
            AssertTooLate(late);
    }

    private static Submission End(ConversationKey conversation, string? id = null) => TestMessage.Of(conversation, Ann, id, closes: true);

    private static void AssertTooLate(Submission message)
    {
        Assert.Equal((true, false), (message.IsTooLate, message.IsDuplicate));
        Assert.Null(message.Stored);
        Assert.Null(message.Failure);
    }

    private static void AssertRepeats(Submission first, Submission repeat)
    {
        Assert.Equal((false, true, false), (first.IsDuplicate, repeat.IsDuplicate, repeat.IsTooLate));
        Assert.Equal(first.Stored!.MsgId, repeat.Stored!.MsgId);
    }
}
