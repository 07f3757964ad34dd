using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Text;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// An account has a name that is no other one's, nor looks like it, and an id that goes up and was nobody's before; of those
/// who want the same at once one gets it. A password takes the place of the version that was looked at, or of none.
/// </summary>
public abstract class AccountConformance : StoreConformance
{
    private IAccountStore Accounts => Stores.Accounts;

    [Fact]
    public async Task A_new_account_has_an_id_after_all_others_and_is_found_by_name_and_by_id()
    {
        var first = await CreateAsync("anna", nickName: "Anna K.");
        Assert.Equal(new Account(Account.FirstId, "anna", "hash of anna", "Anna K.", null), first);
        var second = await CreateAsync("bruno");
        Assert.InRange(second!.Id, first!.Id + 1, long.MaxValue);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.InRange(Accounts.LastId, second.Id, long.MaxValue);
            foreach (var account in new[] { first, second })
            {
                Assert.Equal(account, await Accounts.FindAsync(account.Name, CancellationToken.None));
                Assert.Equal(account, await Accounts.FindAsync(account.Id, CancellationToken.None));
            }
        });
    }

    [Fact]
    public async Task Who_has_no_account_is_not_found()
    {
        await CreateAsync("anna");
        Assert.Null(await Accounts.FindAsync("ann", CancellationToken.None));
        Assert.Null(await Accounts.FindAsync("", CancellationToken.None));
        Assert.Null(await Accounts.FindAsync(Account.FirstId + 1, CancellationToken.None));
        Assert.False(await Accounts.IsTakenAsync("ann", CancellationToken.None));
    }

    [Theory]
    [InlineData("anna", "ANNA")]
    [InlineData("anna", "\uFF41\uFF4E\uFF4E\uFF21")]
    [InlineData("Zo\u00EB", "zoe\u0308")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("ΟΔΟΣ", "οδοσ")]
    [InlineData("Ёлка", "ёЛКА")]
    [InlineData("𐐀𐐁", "𐐨𐐩")]
    public async Task A_name_is_one_whatever_its_case_and_width_and_however_it_is_composed(string name, string same)
    {
        var account = await CreateAsync(name);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(account, await Accounts.FindAsync(same, CancellationToken.None));
            Assert.True(await Accounts.IsTakenAsync(same, CancellationToken.None));
            Assert.Null(await CreateAsync(same));
        });
    }

    [Theory]
    [InlineData("anna", "\u0430nn\u0430")]
    [InlineData("paypal", "paypaI")]
    [InlineData("merlin", "rnerlin")]
    [InlineData("anna", "an\u200Bna")]
    public async Task A_name_that_looks_like_one_that_is_taken_is_not_given(string name, string alike)
    {
        var account = await CreateAsync(name);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.True(await Accounts.IsLikeAnotherAsync(Looks.Of(alike), 0, CancellationToken.None));
            Assert.False(await Accounts.IsLikeAnotherAsync(Looks.Of(alike), account!.Id, CancellationToken.None));
            Assert.Null(await CreateAsync(alike));
            Assert.Null(await Accounts.FindAsync(alike, CancellationToken.None));
        });
        Assert.False(await Accounts.IsLikeAnotherAsync(Looks.Of("carla"), 0, CancellationToken.None));
        Assert.False(await Accounts.IsLikeAnotherAsync([], 0, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Names_come_back_as_they_went_in(string text)
    {
        var account = await CreateAsync($"u{text}", text, text);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(new Account(account!.Id, $"u{text}", text, text, null), await Accounts.FindAsync(account.Id, CancellationToken.None));
            Assert.Equal(account, await Accounts.FindAsync($"u{text}", CancellationToken.None));
        });
    }

    [Fact]
    public async Task An_id_that_is_somebodys_is_passed_by()
    {
        await Stores.UsedIds.AddAsync([.. Enumerable.Range(0, 50).Select(i => new UserKey(App, Account.FirstId + i))], CancellationToken.None);
        var first = await CreateAsync("anna");
        Assert.InRange(first!.Id, Account.FirstId + 50, long.MaxValue);
        var second = await CreateAsync("bruno");
        Assert.InRange(second!.Id, first.Id + 1, long.MaxValue);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.True(await Stores.UsedIds.HasAsync(App, first.Id));
            Assert.True(await Stores.UsedIds.HasAsync(App, second.Id));
        });
    }

    [Fact]
    public async Task An_id_of_another_app_is_free()
    {
        await Stores.UsedIds.AddAsync([new UserKey(OtherApp, Account.FirstId)], CancellationToken.None);
        Assert.Equal(Account.FirstId, (await CreateAsync("anna"))!.Id);
    }

    [Fact]
    public async Task Of_many_who_want_one_name_at_once_one_gets_it()
    {
        string[] names = ["anna", "ANNA", "\u0430nna", "\uFF41nna"];
        var accounts = await AtOnceAsync(caller => CreateAsync(names[caller % names.Length]));
        var account = Assert.Single(accounts, a => a is not null);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(account, await Accounts.FindAsync(account!.Id, CancellationToken.None));
            Assert.Null(await Accounts.FindAsync(account.Id + 1, CancellationToken.None));
        });
    }

    [Fact]
    public async Task Many_who_sign_up_at_once_get_ids_of_their_own()
    {
        var accounts = await AtOnceAsync(async caller =>
        {
            var account = await CreateAsync($"user{(char)('a' + caller)}");
            Assert.InRange(account!.Id, Account.FirstId, Accounts.LastId);
            return account;
        });
        Assert.Equal(Callers, accounts.Select(a => a.Id).Distinct().Count());
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.InRange(Accounts.LastId, accounts.Max(a => a!.Id), long.MaxValue);
            foreach (var account in accounts)
                Assert.Equal(account, await Accounts.FindAsync(account.Name, CancellationToken.None));
        });
    }

    [Fact]
    public async Task A_password_takes_the_place_of_the_version_that_it_is_for()
    {
        var id = (await CreateAsync("anna"))!.Id;
        Assert.True(await Accounts.ChangePasswordAsync(id, "second", 0));
        Assert.False(await Accounts.ChangePasswordAsync(id, "late", 0));
        Assert.False(await Accounts.ChangePasswordAsync(id, "early", 2));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(("second", 1), await PasswordAsync(id)));
        Assert.True(await Accounts.ChangePasswordAsync(id, "third", null));
        await NowAndAfterReopeningAsync(async () => Assert.Equal(("third", 2), await PasswordAsync(id)));
        Assert.False(await Accounts.ChangePasswordAsync(id + 1, "nobody's", null));
    }

    [Fact]
    public async Task Of_many_who_change_one_version_of_a_password_at_once_one_does()
    {
        var id = (await CreateAsync("anna"))!.Id;
        var isChanged = await AtOnceAsync(caller => Accounts.ChangePasswordAsync(id, $"{caller}", 0));
        Assert.Equal(($"{Assert.Single(Enumerable.Range(0, Callers), caller => isChanged[caller])}", 1), await PasswordAsync(id));
    }

    [Fact]
    public async Task Another_hash_of_a_password_takes_the_place_of_that_one_alone()
    {
        var id = (await CreateAsync("anna", passwordHash: "old"))!.Id;
        var other = (await CreateAsync("bruno", passwordHash: "old"))!.Id;
        await Accounts.RehashAsync(id, "older", "wrong");
        Assert.Equal(("old", 0), await PasswordAsync(id));
        await Accounts.RehashAsync(id, "old", "new");
        await NowAndAfterReopeningAsync(async () => Assert.Equal(("new", 0), await PasswordAsync(id)));
        Assert.Equal(("old", 0), await PasswordAsync(other));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Another_nick_name_is_stored_and_nothing_else(string nickName)
    {
        var account = (await CreateAsync("anna"))!;
        var other = (await CreateAsync("bruno"))!;
        var renamed = account with { NickName = nickName };
        Assert.Equal(renamed, await Accounts.RenameAsync(account.Id, nickName));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(renamed, await Accounts.FindAsync("anna", CancellationToken.None));
            Assert.Equal(other, await Accounts.FindAsync(other.Id, CancellationToken.None));
        });
        Assert.Null(await Accounts.RenameAsync(other.Id + 1, nickName));
        Assert.Null(await Accounts.FindAsync(other.Id + 1, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_changed_at_once_is_all_kept()
    {
        var id = (await CreateAsync("anna"))!.Id;
        await AtOnceAsync(caller => (caller % 3) switch
        {
            0 => Accounts.RenameAsync(id, "Anna"),
            1 => Accounts.ChangePasswordAsync(id, "second", null),
            _ => Stores.Avatars.ChangeAsync(id, TestPicture.Png(7)),
        });
        var passwords = Enumerable.Range(0, Callers).Count(caller => caller % 3 == 1);
        var account = new Account(id, "anna", "second", "Anna", PictureNames.Of(id, TestPicture.Png(7)), passwords);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(account, await Accounts.FindAsync(id, CancellationToken.None)));
    }

    [Theory]
    [InlineData("an\0na", "hash", "Anna")]
    [InlineData("anna", "ha\0sh", "Anna")]
    [InlineData("anna", "hash", "An\0na")]
    public async Task U0000_in_a_text_harms_no_other(string name, string passwordHash, string nickName)
    {
        var accounts = await AtOnceAsync(async caller =>
        {
            if (caller % 2 == 0)
                return await CreateAsync($"user{(char)('a' + caller)}");
            await TryAsync(() => CreateAsync(name, passwordHash, nickName));
            return null;
        });
        foreach (var account in accounts.OfType<Account>())
        {
            await TryAsync(() => Accounts.RenameAsync(account.Id, "An\0na"));
            await TryAsync(() => Accounts.ChangePasswordAsync(account.Id, "ha\0sh", 7));
            await Accounts.RenameAsync(account.Id, account.NickName);
            Assert.Equal(account, await Accounts.FindAsync(account.Id, CancellationToken.None));
        }

        Assert.Equal(Callers / 2, accounts.OfType<Account>().Count());
    }

    private Task<Account?> CreateAsync(string name, string? passwordHash = null, string? nickName = null) =>
        Accounts.CreateAsync(App, name, passwordHash ?? $"hash of {name}", nickName ?? name, Time);

    private async Task<(string Hash, long Version)> PasswordAsync(long id)
    {
        var account = await Accounts.FindAsync(id, CancellationToken.None);
        return (account!.PasswordHash, account.PasswordVersion);
    }
}
