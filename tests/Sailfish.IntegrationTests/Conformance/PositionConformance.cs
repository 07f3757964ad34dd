using Sailfish.Server.Conversations;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// How far users have acked only goes up, whoever saves at once; what depends on what is stored is merged with it; and of one
/// save all is stored, or nothing.
/// </summary>
public abstract class PositionConformance : StoreConformance
{
    [Theory]
    [InlineData(new long[] { 3, 5 }, 5)]
    [InlineData(new long[] { 5, 3 }, 5)]
    [InlineData(new long[] { 5, 5 }, 5)]
    [InlineData(new long[] { 5, 0 }, 5)]
    [InlineData(new long[] { 1, 9, 4, 8 }, 9)]
    public async Task The_larger_position_stays(long[] saved, long expected)
    {
        var row = await FillAsync(Direct, Ann);
        foreach (var seq in saved)
            await SaveAsync(TestPosition.UpTo(Bob, row, seq));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(expected, await StoredAsync(Bob, row)));
    }

    [Fact]
    public async Task Acks_beyond_a_hole_are_merged_with_what_is_stored()
    {
        var row = await FillAsync(Direct, Ann);
        Assert.Equal(0, await StoredAsync(Bob, row));
        // 5 to 7 are acked, too.
        await SaveAsync(TestPosition.Beyond(Bob, row, stored => stored >= 4 ? 7 : stored));
        Assert.Equal(0, await StoredAsync(Bob, row));
        await SaveAsync(TestPosition.UpTo(Bob, row, 4));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(4, await StoredAsync(Bob, row)));
        await SaveAsync(TestPosition.Beyond(Bob, row, stored => stored >= 4 ? 7 : stored));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(7, await StoredAsync(Bob, row)));
        await SaveAsync(TestPosition.Beyond(Bob, row, _ => 5));
        Assert.Equal(7, await StoredAsync(Bob, row));
    }

    [Fact]
    public async Task Positions_are_a_users_in_a_conversation()
    {
        var (one, other) = (await FillAsync(Direct, Ann), await FillAsync(ConversationKey.Direct(App, Bob, Carol), Carol));
        await SaveAsync(TestPosition.UpTo(Bob, one, 3), TestPosition.UpTo(Bob, other, 5), TestPosition.UpTo(Ann, one, 7));
        await NowAndAfterReopeningAsync(async () =>
            Assert.Equal((3, 5, 7, 0), (await StoredAsync(Bob, one), await StoredAsync(Bob, other), await StoredAsync(Ann, one), await StoredAsync(Carol, other))));
    }

    [Fact]
    public async Task Of_a_save_that_fails_nothing_is_stored_and_what_waited_waits()
    {
        var row = await FillAsync(Direct, Ann, Ann);
        await SaveAsync(TestPosition.UpTo(Bob, row, 1));
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => SaveAsync(
            TestPosition.UpTo(Bob, row, 2), TestPosition.Beyond(Ann, row, stored => stored + 1), TestPosition.Broken(), TestPosition.UpTo(Carol, row, 2)));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal((1, 0, 0), (await StoredAsync(Bob, row), await StoredAsync(Ann, row), await StoredAsync(Carol, row)));
            Assert.Equal(1, Assert.Single(await Stores.History.ListUnreadAsync(App, Bob, 0, 10, CancellationToken.None)).AckedSeq);
        });
        await SaveAsync(TestPosition.UpTo(Bob, row, 2));
        Assert.Equal(2, await StoredAsync(Bob, row));
    }

    [Fact]
    public async Task A_save_takes_nothing_of_those_that_fail_beside_it()
    {
        var row = await FillAsync(Direct, Ann);
        await TogetherAsync(() => SaveAsync(TestPosition.UpTo(Bob, row, 1)), FailAsync, () => SaveAsync(TestPosition.UpTo(Ann, row, 2)), FailAsync);
        Assert.Equal((1, 2), (await StoredAsync(Bob, row), await StoredAsync(Ann, row)));
    }

    [Fact]
    public async Task Many_positions_are_one_save_and_a_later_one_of_them_sees_the_earlier()
    {
        var row = await FillAsync(Room(7), Ann);
        await SaveAsync([.. Users().SelectMany(user => new[] { TestPosition.UpTo(user, row, user), TestPosition.Beyond(user, row, stored => stored + 1) })]);
        await NowAndAfterReopeningAsync(async () =>
        {
            List<long> seen = [];
            await SaveAsync([.. Users().Select(user => TestPosition.Beyond(user, row, stored =>
            {
                seen.Add(stored);
                return stored;
            }))]);
            Assert.Equal(Users().Select(user => user + 1), seen);
        });

        static IEnumerable<long> Users() => Enumerable.Range(0, 1000).Select(i => 20_000L + i);
    }

    [Fact]
    public async Task An_empty_save_is_one() => await SaveAsync();

    [Fact]
    public async Task Of_many_who_save_at_once_the_largest_stays()
    {
        var row = await FillAsync(Direct, Ann);
        await AtOnceAsync(async caller =>
        {
            for (var i = 0; i < 10; i++)
                await SaveAsync(TestPosition.UpTo(Bob, row, 1 + (((caller * 10) + i) * 37 % 200)));
        });
        await NowAndAfterReopeningAsync(async () => Assert.Equal(200, await StoredAsync(Bob, row)));
    }

    [Fact]
    public async Task Of_many_who_merge_at_once_each_sees_what_the_one_before_it_stored()
    {
        const int Each = 10;
        var row = await FillAsync(Direct, Ann);
        await AtOnceAsync(async _ =>
        {
            for (var i = 0; i < Each; i++)
                await SaveAsync(TestPosition.Beyond(Bob, row, stored => stored + 1));
        });
        Assert.Equal(Callers * Each, await StoredAsync(Bob, row));
    }

    [Theory]
    [InlineData(1, 7, 100, 5)]
    [InlineData(0, 1000, 100, 5)]
    [InlineData(3, 6, 100, 3)]
    [InlineData(1, 7, 5, 5)]
    [InlineData(1, 7, 2, 2)]
    [InlineData(2, 2, 100, 0)]
    [InlineData(8, 9, 100, 0)]
    [InlineData(5, 4, 100, 0)]
    public async Task Messages_from_others_are_counted_from_a_seq_up_to_another_and_to_a_limit(long from, long to, int limit, long expected)
    {
        var row = await FillAsync(Direct, Ann, Bob, Ann, Ann, Bob, Ann, Ann);
        await FillAsync(ConversationKey.Direct(App, Bob, Carol), Carol, Carol, Carol);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(expected, await Stores.Positions.CountFromOthersAsync(row, Bob, from, to, limit, CancellationToken.None));
            Assert.Equal(0, await Stores.Positions.CountFromOthersAsync(row + 1000, Bob, from, to, limit, CancellationToken.None));
        });
    }

    /// <summary>Through the one way in which a store tells: to what is to be merged with it.</summary>
    private async Task<long> StoredAsync(long user, long row)
    {
        var found = -1L;
        await SaveAsync(TestPosition.Beyond(user, row, stored => found = stored));
        return found;
    }
}
