using Sailfish.Server.Conversations;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// What waits for a user is listed, and nothing else: one-to-one conversations with messages from the other past the user's
/// position, by their rows, a page after the other. Messages of others are read without the user's own.
/// </summary>
public abstract class UnreadConformance : StoreConformance
{
    [Fact]
    public async Task A_message_waits_for_its_receiver_and_an_own_one_for_nobody()
    {
        var row = await FillAsync(Direct, Ann, Ann);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(new UnreadConversation(row, Direct, 2, 0), Assert.Single(await ListAsync(Bob)));
            Assert.Empty(await ListAsync(Ann));
        });
        await AppendAsync(Direct, Bob);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(new UnreadConversation(row, Direct, 2, 0), Assert.Single(await ListAsync(Bob)));
            Assert.Equal(new UnreadConversation(row, Direct, 3, 0), Assert.Single(await ListAsync(Ann)));
        });
    }

    [Fact]
    public async Task What_a_position_reaches_is_gone_and_what_it_does_not_reach_waits()
    {
        var row = await FillAsync(Direct, Ann, Ann, Ann, Bob);
        await SaveAsync(TestPosition.UpTo(Bob, row, 2));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(new UnreadConversation(row, Direct, 3, 2), Assert.Single(await ListAsync(Bob))));
        await SaveAsync(TestPosition.UpTo(Bob, row, 3));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(await ListAsync(Bob));
            Assert.Equal(new UnreadConversation(row, Direct, 4, 0), Assert.Single(await ListAsync(Ann)));
        });
        await AppendAsync(Direct, Bob);
        Assert.Empty(await ListAsync(Bob));
        await AppendAsync(Direct, Ann);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(new UnreadConversation(row, Direct, 6, 3), Assert.Single(await ListAsync(Bob))));
    }

    [Fact]
    public async Task Messages_in_rooms_of_other_users_and_of_other_apps_do_not_wait()
    {
        await FillAsync(Room(7), Ann, Bob);
        await FillAsync(Room(Bob), Ann);
        await FillAsync(ConversationKey.Direct(App, Ann, Carol), Ann);
        await FillAsync(ConversationKey.Direct(OtherApp, Ann, Bob), Ann);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Empty(await ListAsync(Bob));
            Assert.Equal(OtherApp, Assert.Single(await ListAsync(Bob, appId: OtherApp)).Key.AppId);
        });
    }

    [Fact]
    public async Task A_message_of_the_server_waits_like_any_other()
    {
        var conversation = ConversationKey.Direct(App, ConversationKey.SystemUser, Bob);
        var row = await FillAsync(conversation, ConversationKey.SystemUser);
        Assert.Equal(new UnreadConversation(row, conversation, 1, 0), Assert.Single(await ListAsync(Bob)));
        await SaveAsync(TestPosition.UpTo(Bob, row, 1));
        Assert.Empty(await ListAsync(Bob));
    }

    [Fact]
    public async Task Conversations_come_by_their_rows_a_page_after_the_other()
    {
        List<long> rows = [];
        foreach (var other in new[] { 40_000L, 10_000, 30_000, 20_000, 50_000 })
            rows.Add(await FillAsync(ConversationKey.Direct(App, other, Bob), other));
        // Not in the order in which the last messages came.
        await AppendAsync(ConversationKey.Direct(App, 40_000, Bob), 40_000);
        rows.Sort();
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(rows, (await ListAsync(Bob, limit: 100)).Select(u => u.Id));
            Assert.Equal(rows[..2], (await ListAsync(Bob, limit: 2)).Select(u => u.Id));
            Assert.Equal(rows[2..4], (await ListAsync(Bob, rows[1], 2)).Select(u => u.Id));
            Assert.Equal(rows[4..], (await ListAsync(Bob, rows[3], 2)).Select(u => u.Id));
            Assert.Empty(await ListAsync(Bob, rows[4], 2));
        });
        var gone = (await ListAsync(Bob))[2];
        await SaveAsync(TestPosition.UpTo(Bob, gone.Id, gone.LastSeq));
        Assert.Equal([rows[0], rows[1], rows[3]], (await ListAsync(Bob, limit: 3)).Select(u => u.Id));
    }

    [Fact]
    public async Task A_message_of_a_row_that_is_listed_can_be_looked_for_by_it()
    {
        await FillAsync(Direct, Ann);
        await NowAndAfterReopeningAsync(async () =>
        {
            var unread = Assert.Single(await ListAsync(Bob));
            Assert.Equal(Direct, (await Stores.History.FindConversationAsync(unread.Id, CancellationToken.None))!.Key);
        });
    }

    [Theory]
    [InlineData("ack 1", 0, 0)]
    [InlineData("ack 1, own", 0, 0)]
    [InlineData("own, ack 1, own", 0, 0)]
    [InlineData("ack 1, message", 2, 1)]
    [InlineData("message, ack 1", 2, 1)]
    [InlineData("message, own, message", 4, 0)]
    [InlineData("ack 1, fail", 0, 0)]
    [InlineData("fail, message", 2, 0)]
    [InlineData("message, fail, message", 3, 0)]
    [InlineData("ack 1, message, fail", 2, 1)]
    [InlineData("message, fail, ack 1", 2, 1)]
    public async Task A_message_waits_whatever_else_is_in_its_transaction(string together, long expectedSeq, long expectedAcked)
    {
        var row = await FillAsync(Direct, Ann);
        await TogetherAsync([.. together.Split(", ").Select(step => new Func<Task>(() => StepAsync(row, step)))]);
        List<UnreadConversation> expected = expectedSeq == 0 ? [] : [new UnreadConversation(row, Direct, expectedSeq, expectedAcked)];
        await NowAndAfterReopeningAsync(async () => Assert.Equal(expected, await ListAsync(Bob)));
    }

    [Fact]
    public async Task Of_a_message_and_an_ack_at_once_neither_is_lost()
    {
        var row = await FillAsync(Direct, Ann);
        for (var seq = 1; seq <= 100; seq++)
        {
            await Task.WhenAll(Task.Run(() => AppendAsync(Direct)), Task.Run(() => SaveAsync(TestPosition.UpTo(Bob, row, seq))));
            Assert.Equal(new UnreadConversation(row, Direct, seq + 1, seq), Assert.Single(await ListAsync(Bob)));
        }

        await SaveAsync(TestPosition.UpTo(Bob, row, 101));
        Assert.Empty(await ListAsync(Bob));
    }

    [Fact]
    public async Task What_was_told_of_waits_until_it_is_acked_while_many_write()
    {
        await AtOnceAsync(async caller =>
        {
            var (other, seq) = (20_000 + caller, 0L);
            for (var i = 0; i < 10; i++)
            {
                var stored = (await AppendAsync(ConversationKey.Direct(App, other, Bob), other)).Stored!;
                Assert.Contains(new UnreadConversation(stored.ConversationId, stored.Conversation, stored.Seq, seq), await ListAsync(Bob, limit: 100));
                await SaveAsync(TestPosition.UpTo(Bob, stored.ConversationId, seq = stored.Seq));
                Assert.DoesNotContain(await ListAsync(Bob, limit: 100), unread => unread.Id == stored.ConversationId);
            }
        });
        Assert.Empty(await ListAsync(Bob));
    }

    [Theory]
    [InlineData(1, 7, 100, new long[] { 1, 3, 4, 6, 7 }, true)]
    [InlineData(0, 1000, 100, new long[] { 1, 3, 4, 6, 7 }, true)]
    [InlineData(3, 6, 100, new long[] { 3, 4, 6 }, true)]
    [InlineData(2, 5, 2, new long[] { 3, 4 }, true)]
    [InlineData(2, 6, 2, new long[] { 3, 4 }, false)]
    [InlineData(5, 5, 100, new long[0], true)]
    [InlineData(8, 9, 100, new long[0], true)]
    public async Task Messages_from_others_are_read_from_a_seq_up_to_another(long from, long to, int count, long[] expected, bool isWhole)
    {
        await FillAsync(Direct, Ann, Bob, Ann, Ann, Bob, Ann, Ann);
        await FillAsync(ConversationKey.Direct(App, Bob, Carol), Carol, Carol, Carol);
        await NowAndAfterReopeningAsync(async () =>
        {
            var unread = (await ListAsync(Bob)).Single(u => u.Key == Direct);
            var page = await Stores.History.ReadFromOthersAsync(unread, Bob, from, to, count, int.MaxValue, CancellationToken.None);
            Assert.Equal(expected, page.Messages.Select(m => m.Seq));
            Assert.All(page.Messages, message => Assert.Equal((Ann, Direct, Time), (message.SenderId, message.Conversation, message.Time)));
            Assert.Equal(isWhole, page.IsWhole);
        });
    }

    [Theory]
    [InlineData(4, 0, 4, true)]
    [InlineData(4, -1, 3, false)]
    [InlineData(2, 0, 2, false)]
    [InlineData(0, 1, 1, false)]
    public async Task Messages_from_others_are_as_many_as_fit_but_the_first_in_any_case(int messages, int andBytes, int expected, bool isWhole)
    {
        var size = 0;
        foreach (var sender in new[] { Ann, Bob, Ann, Bob, Ann, Ann, Bob })
            size = (await AppendAsync(Direct, sender, data: "é字👍")).Stored!.Size;
        var page = await Stores.History.ReadFromOthersAsync((await ListAsync(Bob))[0], Bob, 1, 7, 100, (messages * size) + andBytes, CancellationToken.None);
        Assert.Equal(new long[] { 1, 3, 5, 6 }[..expected], page.Messages.Select(m => m.Seq));
        Assert.Equal(isWhole, page.IsWhole);
    }

    private ValueTask<IReadOnlyList<UnreadConversation>> ListAsync(long user, long afterId = 0, int limit = 10, long appId = App) =>
        Stores.History.ListUnreadAsync(appId, user, afterId, limit, CancellationToken.None);

    private Task StepAsync(long row, string step) => step.Split(' ') switch
    {
        ["message"] => AppendAsync(Direct, Ann),
        ["own"] => AppendAsync(Direct, Bob),
        ["ack", var seq] => SaveAsync(TestPosition.UpTo(Bob, row, long.Parse(seq, null))),
        _ => FailAsync(),
    };
}
