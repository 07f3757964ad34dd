using Sailfish.Server.Accounts;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// A session begins with the password that the account has then, or not at all; an account has no more than so many, and the
/// oldest go; when it was last used is never set back.
/// </summary>
public abstract class PageSessionConformance : StoreConformance
{
    private const int Most = 3;

    private IPageSessionStore Sessions => Stores.PageSessions;

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_session_comes_back_as_it_went_in(string agent)
    {
        var session = Session(await AccountAsync(), "id-_", Time) with { SeenAt = Time + 1, Address = "2001:db8::1", Agent = agent };
        await AddAsync(session);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(session, await Sessions.FindAsync("id-_"));
            Assert.Equal(session, Assert.Single(await Sessions.ListAsync(session.AccountId)));
            Assert.Null(await Sessions.FindAsync("ID-_"));
            Assert.Null(await Sessions.FindAsync("id"));
        });
    }

    [Fact]
    public async Task An_accounts_sessions_come_the_newest_first()
    {
        var (account, other) = (await AccountAsync(), await AccountAsync("bruno"));
        foreach (var (id, time) in new[] { ("b", Time + 1), ("a", Time + 2), ("c", Time) })
            await AddAsync(Session(account, id, time));
        await AddAsync(Session(other, "d", Time));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(["a", "b", "c"], await IdsAsync(account));
            Assert.Equal(["d"], await IdsAsync(other));
            Assert.Empty(await IdsAsync(other + 1));
        });
    }

    [Fact]
    public async Task A_session_begins_with_the_password_that_the_account_has_or_not_at_all()
    {
        var account = await AccountAsync();
        Assert.False((await Sessions.AddAsync(Session(account, "early", Time), 1, Most)).IsAdded);
        Assert.False((await Sessions.AddAsync(Session(account + 1, "nobody's", Time), 0, Most)).IsAdded);
        Assert.True((await Sessions.AddAsync(Session(account, "a", Time), 0, Most)).IsAdded);
        await Stores.Accounts.ChangePasswordAsync(account, "other", null);
        Assert.False((await Sessions.AddAsync(Session(account, "late", Time), 0, Most)).IsAdded);
        Assert.True((await Sessions.AddAsync(Session(account, "b", Time - 1), 1, Most)).IsAdded);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(["a", "b"], await IdsAsync(account)));
        Assert.Empty(await IdsAsync(account + 1));
    }

    [Fact]
    public async Task Of_those_that_begin_while_the_password_is_changed_none_is_left_when_all_are_ended_after_it()
    {
        var account = await AccountAsync();
        await AtOnceAsync(async caller =>
        {
            // Some before the change, some after it, and some after the end of all.
            for (var i = 0; i < 10 && caller != Callers / 2; i++)
                await Sessions.AddAsync(Session(account, $"{caller} {i}", Time), 0, 1000);
            if (caller == Callers / 2)
                await ChangePasswordAndEndAllAsync(account);
        });
        Assert.Empty(await IdsAsync(account));
    }

    [Fact]
    public async Task Of_more_sessions_than_an_account_may_have_the_oldest_go()
    {
        var (account, other) = (await AccountAsync(), await AccountAsync("bruno"));
        await AddAsync(Session(other, "other", 1));
        foreach (var (id, time) in new[] { ("b", Time + 2), ("a", Time + 1), ("c", Time + 3) })
            Assert.Empty(await AddAsync(Session(account, id, time)));
        Assert.Equal(["a"], await AddAsync(Session(account, "d", Time + 4)));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(["d", "c", "b"], await IdsAsync(account));
            Assert.Null(await Sessions.FindAsync("a"));
        });
        var (isAdded, removed) = await Sessions.AddAsync(Session(account, "e", Time + 5), 0, 1);
        Assert.Equal((true, "b c d"), (isAdded, string.Join(' ', removed.Order())));
        Assert.Equal(["other"], await IdsAsync(other));
    }

    [Fact]
    public async Task Of_many_that_begin_at_once_the_newest_stay_and_each_other_is_told_as_gone_once()
    {
        var account = await AccountAsync();
        var removed = await AtOnceAsync(caller => AddAsync(Session(account, $"{caller:00}", Time + caller)));
        Assert.Equal(Enumerable.Range(0, Callers - Most).Select(i => $"{i:00}"), removed.SelectMany(ids => ids).Order());
        Assert.Equal(Enumerable.Range(1, Most).Select(i => $"{Callers - i:00}"), await IdsAsync(account));
    }

    [Fact]
    public async Task Those_whose_time_is_over_are_listed()
    {
        var account = await AccountAsync();
        await Sessions.AddAsync(Session(account, "long ago", Time) with { SeenAt = Time + 1000 }, 0, 10);
        await Sessions.AddAsync(Session(account, "idle", Time + 10) with { SeenAt = Time + 99 }, 0, 10);
        await Sessions.AddAsync(Session(account, "used", Time + 1) with { SeenAt = Time + 100 }, 0, 10);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(["idle", "long ago"], await RunOutAsync(Time, Time + 100));
            Assert.Equal(["long ago"], await RunOutAsync(Time, Time));
            Assert.Equal(["idle", "used"], await RunOutAsync(0, Time + 101));
            Assert.Empty(await RunOutAsync(Time - 1, Time + 99));
        });
    }

    [Fact]
    public async Task All_whose_time_is_over_are_listed_when_those_that_were_are_removed()
    {
        const int Many = 1500;
        var account = await AccountAsync();
        await InTurnsAsync(Many, i => Sessions.AddAsync(Session(account, $"{i}", Time + i), 0, Many));
        var found = 0;
        for (var page = await Sessions.ListRunOutAsync(long.MaxValue, 0); page.Count > 0; page = await Sessions.ListRunOutAsync(long.MaxValue, 0))
        {
            found += page.Count;
            await InTurnsAsync(page.Count, i => Sessions.RemoveAsync(account, page[i].Id, null));
        }

        Assert.Equal(Many, found);
    }

    [Fact]
    public async Task When_a_session_was_last_used_is_never_set_back()
    {
        var session = Session(await AccountAsync(), "a", Time);
        await AddAsync(session);
        foreach (var seenAt in new[] { Time + 1, Time + 9, Time + 5 })
            await Sessions.TouchAsync("a", seenAt);
        await Sessions.TouchAsync("b", Time + 20);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(session with { SeenAt = Time + 9 }, Assert.Single(await Sessions.ListAsync(session.AccountId))));
        await AtOnceAsync(caller => Sessions.TouchAsync("a", Time + 100 + (caller * 7 % Callers)));
        Assert.Equal(Time + 99 + Callers, (await Sessions.FindAsync("a"))!.SeenAt);
        await Sessions.RemoveAsync(session.AccountId, "a", null);
        await Sessions.TouchAsync("a", Time + 1000);
        Assert.Null(await Sessions.FindAsync("a"));
    }

    [Theory]
    [InlineData("b", null, "b")]
    [InlineData(null, "b", "a c")]
    [InlineData(null, null, "a b c")]
    [InlineData("d", null, "")]
    [InlineData("x", null, "")]
    [InlineData(null, "d", "a b c")]
    public async Task One_of_an_accounts_sessions_ends_or_all_but_one(string? id, string? except, string expected)
    {
        var (account, other) = (await AccountAsync(), await AccountAsync("bruno"));
        foreach (var session in new[] { Session(account, "a", Time), Session(account, "b", Time), Session(account, "c", Time), Session(other, "d", Time) })
            await AddAsync(session);
        Assert.Equal(expected, string.Join(' ', (await Sessions.RemoveAsync(account, id, except)).Order()));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal("abc".Except(expected), (await IdsAsync(account)).Order().Select(left => left[0]));
            Assert.Equal(["d"], await IdsAsync(other));
        });
        Assert.Empty(await Sessions.RemoveAsync(account, id, except));
    }

    [Fact]
    public async Task Of_many_who_end_one_session_at_once_one_is_told_that_it_was_there()
    {
        var account = await AccountAsync();
        await AddAsync(Session(account, "a", Time));
        var removed = await AtOnceAsync(_ => Sessions.RemoveAsync(account, "a", null));
        Assert.Equal(["a"], removed.SelectMany(ids => ids));
    }

    [Theory]
    [InlineData("\0", "192.0.2.1", "Browser")]
    [InlineData("odd", "192.\0", "Browser")]
    [InlineData("odd", "192.0.2.1", "Brow\0ser")]
    public async Task U0000_in_a_text_harms_no_other(string id, string address, string agent)
    {
        var account = await AccountAsync();
        await TryAsync(() => Sessions.AddAsync(Session(account, id, Time) with { Address = address, Agent = agent }, 0, Most));
        await TryAsync(() => Sessions.RemoveAsync(account, id, null));
        await TryAsync(() => Sessions.RemoveAsync(account, null, id));
        foreach (var (other, time) in new[] { ("a", Time + 1), ("b", Time + 2), ("c", Time + 3) })
            await Sessions.AddAsync(Session(account, other, time), 0, Most);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(["c", "b", "a"], await IdsAsync(account)));
    }

    private static PageSession Session(long account, string id, long createdAt) => new(id, account, createdAt, createdAt, "192.0.2.1", "Browser");

    private async Task<long> AccountAsync(string name = "anna") => (await Stores.Accounts.CreateAsync(App, name, "hash", name, Time))!.Id;

    private async Task ChangePasswordAndEndAllAsync(long account)
    {
        await Stores.Accounts.ChangePasswordAsync(account, "other", null);
        await Sessions.RemoveAsync(account, null, null);
    }

    /// <summary>Gives those that had to go for it.</summary>
    private async Task<IReadOnlyList<string>> AddAsync(PageSession session)
    {
        var (isAdded, removed) = await Sessions.AddAsync(session, 0, Most);
        Assert.True(isAdded);
        return removed;
    }

    private async Task<IEnumerable<string>> IdsAsync(long account) => (await Sessions.ListAsync(account)).Select(session => session.Id);

    private async Task<IEnumerable<string>> RunOutAsync(long begunBefore, long idleSince) =>
        (await Sessions.ListRunOutAsync(begunBefore, idleSince)).Select(session => session.Id).Order(StringComparer.Ordinal);
}
