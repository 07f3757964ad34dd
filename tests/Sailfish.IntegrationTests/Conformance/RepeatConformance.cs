using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// One sender and clientMsgId are one message of a conversation: what comes again there is told of with the place of the
/// first, whenever it comes, and takes no seq. In another conversation it is another message.
/// </summary>
public abstract class RepeatConformance : StoreConformance
{
    [Fact]
    public async Task A_repeat_has_the_place_of_the_first_and_takes_no_seq()
    {
        var first = await AppendAsync(Direct, id: "a", data: "first");
        await NowAndAfterReopeningAsync(async () => AssertRepeats(first, await AppendAsync(Direct, id: "a", data: "again")));
        Assert.Equal(2, (await AppendAsync(Direct, id: "b", data: "second")).Stored!.Seq);
        Assert.Equal(["first", "second"], (await ReadAllAsync(Direct)).Select(m => m.Data));
    }

    [Fact]
    public async Task In_another_conversation_it_is_another_message_and_a_repeat_there_has_its_place()
    {
        await AppendAsync(Room(7), Bob);
        ConversationKey[] conversations = [Direct, Room(7), Room(8), ConversationKey.Direct(App, Ann, Carol), ConversationKey.Direct(OtherApp, Ann, Bob)];
        Dictionary<ConversationKey, Submission> first = [];
        foreach (var conversation in conversations)
            first[conversation] = await AppendAsync(conversation, id: "a", data: $"first in {conversation.Name}");
        Assert.DoesNotContain(first.Values, m => m.IsDuplicate);
        Assert.Equal([1, 2, 1, 1, 1], conversations.Select(c => first[c].Stored!.Seq));
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var conversation in conversations)
            {
                AssertRepeats(first[conversation], await AppendAsync(conversation, id: "a", data: "again"));
                Assert.Equal(first[conversation].Data, (await ReadAllAsync(conversation))[^1].Data);
            }
        });
    }

    [Fact]
    public async Task Of_many_repeats_at_once_one_is_stored_in_each_conversation_and_all_have_its_place()
    {
        var messages = await AtOnceAsync(caller => AppendAsync(Room(1 + (caller % 5)), id: "a", data: $"{caller}"));
        foreach (var room in messages.GroupBy(m => m.Conversation))
        {
            var first = Assert.Single(room, m => !m.IsDuplicate);
            foreach (var repeat in room.Where(m => m.IsDuplicate))
                AssertRepeats(first, repeat);
            Assert.Equal(first.Stored!.MsgId, Assert.Single(await ReadAllAsync(room.Key)).MsgId);
        }
    }

    [Fact]
    public async Task Repeats_in_one_transaction_have_the_place_of_the_first_also_when_it_fails()
    {
        Submission[] messages = [.. Enumerable.Range(0, 8).Select(i => TestMessage.Of(i % 2 == 0 ? Direct : Room(7), Ann, "a", $"{i}"))];
        await TogetherAsync(
            () => AppendAsync(messages[0]), () => AppendAsync(messages[1]), () => AppendAsync(messages[2]), FailAsync, () => AppendAsync(messages[3]), () => AppendAsync(messages[4]));
        await AppendTogetherAsync(messages[5..]);
        for (var i = 2; i < messages.Length; i++)
            AssertRepeats(messages[i % 2], messages[i]);
        Assert.Equal("0", Assert.Single(await ReadAllAsync(Direct)).Data);
        Assert.Equal("1", Assert.Single(await ReadAllAsync(Room(7))).Data);
    }

    [Fact]
    public async Task Repeats_are_known_among_many_messages_of_many_senders()
    {
        const int Each = 100;
        long[] senders = [Ann, Bob, Carol];
        Dictionary<(long, string), Submission> first = [];
        foreach (var (sender, i) in Enumerable.Range(0, Each).SelectMany(i => senders.Select(sender => (sender, i))))
            first[(sender, $"{i}")] = await AppendAsync(Room(7 + (i % 2)), sender, $"{i}", $"{sender} {i}");
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var ((sender, id), message) in first)
                AssertRepeats(message, await AppendAsync(message.Conversation, sender, id, "again"));
        });
        Assert.Equal(Each * senders.Length, (await ReadAllAsync(Room(7))).Count + (await ReadAllAsync(Room(8))).Count);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_no_first()
    {
        var failed = await AppendAsync(Direct, id: "a", data: TestMessage.Unstorable);
        Assert.NotNull(failed.Failure);
        var first = await AppendAsync(Direct, id: "a");
        Assert.Equal((false, 1), (first.IsDuplicate, first.Stored!.Seq));
    }

    [Fact]
    public async Task Of_another_sender_or_app_or_without_a_clientMsgId_it_is_another_message()
    {
        Submission[] messages =
        [
            await AppendAsync(Room(7), Ann, "a"),
            await AppendAsync(Room(7), Bob, "a"),
            await AppendAsync(Room(7, OtherApp), Ann, "a"),
            await AppendAsync(Room(7), Ann),
            await AppendAsync(Room(7), Ann),
        ];
        Assert.DoesNotContain(messages, m => m.IsDuplicate);
        Assert.Equal([1, 2, 1, 3, 4], messages.Select(m => m.Stored!.Seq));
        AssertRepeats(messages[2], await AppendAsync(Room(7, OtherApp), Ann, "a"));
    }

    [Theory]
    [InlineData("a", "A")]
    [InlineData("a", "a ")]
    [InlineData("a", " a")]
    [InlineData("1", "01")]
    [InlineData("\u00E9", "e\u0301")]
    [InlineData("ß", "ss")]
    [InlineData("a", "\uFF41")]
    [InlineData("a", "a\u200B")]
    public async Task ClientMsgIds_that_are_written_differently_are_different(string one, string other)
    {
        var first = await AppendAsync(Direct, id: one);
        var second = await AppendAsync(Direct, id: other);
        Assert.Equal((1, 2), (first.Stored!.Seq, second.Stored!.Seq));
        AssertRepeats(second, await AppendAsync(Direct, id: other));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_clientMsgId_may_be_any_text(string id)
    {
        var first = await AppendAsync(Direct, id: id);
        await NowAndAfterReopeningAsync(async () => AssertRepeats(first, await AppendAsync(Direct, id: id)));
    }

    private static void AssertRepeats(Submission first, Submission repeat)
    {
        var (one, other) = (first.Stored!, repeat.Stored!);
        Assert.Equal((false, true), (first.IsDuplicate, repeat.IsDuplicate));
        Assert.Equal((one.MsgId, one.Conversation, one.SenderId, one.Data, one.Time), (other.MsgId, other.Conversation, other.SenderId, other.Data, other.Time));
        Assert.Null(repeat.Failure);
        Assert.False(repeat.IsTooLate);
    }
}
