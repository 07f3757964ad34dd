using Sailfish.Server.Conversations;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// What was appended is read: from a place on, up to a number of messages and of bytes, but the first in any case; and the
/// newest seq is never older than what was told of when it was asked for. Of what was just written and of what was long ago
/// it is the same.
/// </summary>
public abstract class MessageHistoryConformance : StoreConformance
{
    private const int Messages = 10;

    [Theory]
    [InlineData(0, 10, 10, true)]
    [InlineData(0, 1000, 10, true)]
    [InlineData(0, 9, 9, false)]
    [InlineData(0, 1, 1, false)]
    [InlineData(3, 7, 7, true)]
    [InlineData(3, 6, 6, false)]
    [InlineData(9, 1, 1, true)]
    [InlineData(10, 5, 0, true)]
    [InlineData(99, 5, 0, true)]
    public async Task A_read_gives_what_follows_up_to_a_number_and_says_whether_that_is_all(long after, int count, int expected, bool isWhole)
    {
        await ForBothKindsAsync(async (conversation, _) =>
        {
            var page = await Stores.History.ReadAsync(conversation, after, count, int.MaxValue, CancellationToken.None);
            Assert.Equal(Enumerable.Range(1, expected).Select(i => after + i), page.Messages.Select(m => m.Seq));
            Assert.Equal(isWhole, page.IsWhole);
        });
    }

    [Theory]
    [InlineData(0, 10, 0, 10, true)]
    [InlineData(0, 10, -1, 9, false)]
    [InlineData(0, 3, 0, 3, false)]
    [InlineData(0, 3, -1, 2, false)]
    [InlineData(4, 3, 0, 3, false)]
    [InlineData(4, 6, 0, 6, true)]
    [InlineData(0, 0, 1, 1, false)]
    [InlineData(9, 0, 1, 1, true)]
    public async Task A_read_gives_no_more_than_fits_but_the_first_in_any_case(long after, int messages, int andBytes, int expected, bool isWhole)
    {
        await ForBothKindsAsync(async (conversation, size) =>
        {
            var page = await Stores.History.ReadAsync(conversation, after, 100, (messages * size) + andBytes, CancellationToken.None);
            Assert.Equal(Enumerable.Range(1, expected).Select(i => after + i), page.Messages.Select(m => m.Seq));
            Assert.Equal(isWhole, page.IsWhole);
        });
    }

    [Theory]
    [InlineData(10, 3, 7)]
    [InlineData(10, 10, 0)]
    [InlineData(10, 1000, 0)]
    [InlineData(10, 0, 10)]
    [InlineData(5, 2, 3)]
    [InlineData(5, 100, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(0, 5, 0)]
    public async Task The_newest_up_to_a_seq_begin_where_there_are_as_many_as_asked_for(long newest, int count, long expected)
    {
        await ForBothKindsAsync(async (conversation, _) =>
            Assert.Equal(expected, await Stores.History.FindStartAsync(conversation, newest, count, int.MaxValue, CancellationToken.None)));
    }

    [Theory]
    [InlineData(10, 10, 0, 0)]
    [InlineData(10, 10, -1, 1)]
    [InlineData(10, 3, 0, 7)]
    [InlineData(10, 3, -1, 8)]
    [InlineData(5, 2, 0, 3)]
    [InlineData(10, 0, 1, 9)]
    [InlineData(1, 0, 1, 0)]
    public async Task The_newest_up_to_a_seq_begin_where_they_fit_but_there_is_one_in_any_case(long newest, int messages, int andBytes, long expected)
    {
        await ForBothKindsAsync(async (conversation, size) =>
            Assert.Equal(expected, await Stores.History.FindStartAsync(conversation, newest, 100, (messages * size) + andBytes, CancellationToken.None)));
    }

    [Fact]
    public async Task A_first_message_that_is_too_large_comes_alone()
    {
        foreach (var conversation in new[] { Direct, Room(7) })
        {
            await AppendAsync(conversation, data: new string('x', 10_000));
            await AppendAsync(conversation, data: "small");
            await AppendAsync(conversation, data: new string('y', 10_000));
        }

        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var conversation in new[] { Direct, Room(7) })
            {
                var page = await Stores.History.ReadAsync(conversation, 0, 100, 5000, CancellationToken.None);
                Assert.Equal((1, false), (Assert.Single(page.Messages).Seq, page.IsWhole));
                Assert.Equal(2, await Stores.History.FindStartAsync(conversation, 3, 100, 5000, CancellationToken.None));
            }
        });
    }

    [Fact]
    public async Task A_conversation_without_messages_is_empty_and_is_none()
    {
        await AppendAsync(Room(7));
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var conversation in new[] { Room(8), Room(7, OtherApp), Direct })
            {
                Assert.Equal(0, await Stores.History.NewestSeqAsync(conversation, CancellationToken.None));
                Assert.Equal(0, await Stores.History.FindStartAsync(conversation, 0, 100, int.MaxValue, CancellationToken.None));
                Assert.Empty(await ReadAllAsync(conversation));
                Assert.Null(await Stores.History.FindConversationAsync(conversation, CancellationToken.None));
            }
        });
    }

    [Fact]
    public async Task A_conversation_is_found_by_its_name_and_by_its_row_with_its_newest_seq()
    {
        ConversationKey[] conversations = [Direct, Room(7), Room(7, OtherApp), Room(8)];
        Dictionary<ConversationKey, long> rows = [];
        foreach (var conversation in conversations)
            rows[conversation] = await FillAsync(conversation, Ann, Bob);
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var conversation in conversations)
                await AssertFoundAsync(conversation, rows[conversation], 2);
        });
        foreach (var conversation in conversations)
            await AssertFoundAsync(conversation, (await AppendAsync(conversation)).Stored!.ConversationId, 3);
    }

    [Fact]
    public async Task A_row_that_does_not_exist_is_no_conversation()
    {
        var row = (await AppendAsync(Room(7))).Stored!.ConversationId;
        await NowAndAfterReopeningAsync(async () =>
        {
            foreach (var id in new[] { 0, -1, row + 1, row + 1_000_000, long.MaxValue })
                Assert.Null(await Stores.History.FindConversationAsync(id, CancellationToken.None));
        });
    }

    [Fact]
    public async Task What_was_looked_for_in_vain_is_found_after_its_first_message()
    {
        var last = (await AppendAsync(Room(1))).Stored!.ConversationId;
        for (var i = 2; i <= 10; i++)
        {
            Assert.Null(await Stores.History.FindConversationAsync(Room(i), CancellationToken.None));
            Assert.Null(await Stores.History.FindConversationAsync(last + 1, CancellationToken.None));
            last = (await AppendAsync(Room(i))).Stored!.ConversationId;
            Assert.Equal(new ConversationRow(last, Room(i), 1), await Stores.History.FindConversationAsync(last, CancellationToken.None));
            Assert.Equal(new ConversationRow(last, Room(i), 1), await Stores.History.FindConversationAsync(Room(i), CancellationToken.None));
        }
    }

    [Fact]
    public async Task What_could_not_be_stored_is_seen_nowhere()
    {
        await AppendAsync(Room(7), data: TestMessage.Unstorable);
        await AppendAsync(Direct);
        await AppendAsync(Direct, data: TestMessage.Unstorable);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(0, await Stores.History.NewestSeqAsync(Room(7), CancellationToken.None));
            Assert.Empty(await ReadAllAsync(Room(7)));
            Assert.Equal(1, await Stores.History.NewestSeqAsync(Direct, CancellationToken.None));
            Assert.Single(await ReadAllAsync(Direct));
        });
    }

    [Fact]
    public async Task Readers_never_see_less_than_was_told_of_whatever_is_written_and_fails_meanwhile()
    {
        const int Conversations = 300;
        for (var i = 1; i <= Conversations; i++)
        {
            var conversation = Room(i);
            // Before, while and after its first message is written, and what fails makes a store forget what it knew.
            Assert.Equal(0, await Stores.History.NewestSeqAsync(conversation, CancellationToken.None));
            Assert.False(await Stores.History.HasBegunAsync(conversation, CancellationToken.None));
            await Stores.Log.AppendAsync(TestMessage.Of(conversation, Ann), CancellationToken.None);
            var reading = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadUntilAsync(conversation, 1))));
            await Task.WhenAll(reading, i % 3 == 0 ? FailAsync() : Task.CompletedTask);
            await FailAsync();
            Assert.Equal(1, await Stores.History.NewestSeqAsync(conversation, CancellationToken.None));
            // Twice: it may be remembered.
            Assert.True(await Stores.History.HasBegunAsync(conversation, CancellationToken.None));
            Assert.True(await Stores.History.HasBegunAsync(conversation, CancellationToken.None));
            if (i % 2 == 0)
                await Stores.Log.AppendAsync(TestMessage.Of(Room(i / 2), Ann), CancellationToken.None);
        }

        await Wait.UntilAsync(() => Completions.All.Count == Conversations * 3 / 2, "all to be told of");
        for (var i = 1; i <= Conversations; i++)
        {
            Assert.Equal(i <= Conversations / 2 ? 2 : 1, await Stores.History.NewestSeqAsync(Room(i), CancellationToken.None));
            Assert.Equal(i <= Conversations / 2 ? 2 : 1, Completions.NewestSeq(Room(i)));
        }
    }

    [Fact]
    public async Task History_reaches_the_newest_seq_that_was_read_before_it_while_more_is_written()
    {
        const int Written = 30_000;
        const int History = 50;
        var conversation = Room(7);
        var reading = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var newest = 0L; newest < Written;)
            {
                newest = await Stores.History.NewestSeqAsync(conversation, CancellationToken.None);
                var start = await Stores.History.FindStartAsync(conversation, newest, History, int.MaxValue, CancellationToken.None);
                Assert.Equal(Math.Max(0, newest - History), start);
                var history = await Stores.History.ReadAsync(conversation, start, History, int.MaxValue, CancellationToken.None);
                Assert.Equal(newest, history.Messages.LastOrDefault(m => m.Seq <= newest)?.Seq ?? 0);
            }
        })));
        for (var i = 0; i < Written; i++)
            await Stores.Log.AppendAsync(TestMessage.Of(conversation, Ann), CancellationToken.None);
        await reading;
    }

    private async Task ReadUntilAsync(ConversationKey conversation, long seq)
    {
        for (var newest = 0L; newest < seq;)
        {
            var atLeast = Completions.NewestSeq(conversation);
            newest = await Stores.History.NewestSeqAsync(conversation, CancellationToken.None);
            Assert.True(newest >= atLeast, $"{newest} was read after {atLeast} was told of.");
        }
    }

    private async Task AssertFoundAsync(ConversationKey conversation, long row, long seq)
    {
        var expected = new ConversationRow(row, conversation, seq);
        Assert.Equal(expected, await Stores.History.FindConversationAsync(conversation, CancellationToken.None));
        Assert.Equal(expected, await Stores.History.FindConversationAsync(row, CancellationToken.None));
        Assert.Equal(seq, await Stores.History.NewestSeqAsync(conversation, CancellationToken.None));
    }

    /// <summary>
    /// Looks at a one-to-one conversation and at a room, each of messages of one size in bytes, which is no number of
    /// characters, before and after the store was opened again.
    /// </summary>
    private async Task ForBothKindsAsync(Func<ConversationKey, int, Task> look)
    {
        var size = 0;
        foreach (var conversation in new[] { Direct, Room(7) })
        {
            for (var i = 0; i < Messages; i++)
                size = (await AppendAsync(conversation, data: $"é字👍{i}")).Stored!.Size;
        }

        await NowAndAfterReopeningAsync(async () =>
        {
            await look(Direct, size);
            await look(Room(7), size);
        });
    }
}
