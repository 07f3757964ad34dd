using Microsoft.AspNetCore.Identity;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Accounts;

public sealed class AccountDirectoryTests : IDisposable
{
    private readonly AccountParts _parts = new(new AccountOptions(), new PasswordHasher<Account>());

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Guests_are_not_looked_up_wherever_accounts_end()
    {
        // As on a store that others write to.
        _parts.Store.LastId = long.MaxValue;
        for (var i = 0; i < 100; i++)
            Assert.Null(await FindAsync(Ids.FirstGuest + i));
        Assert.Equal(0, _parts.Store.LookUps);
    }

    [Fact]
    public async Task A_user_without_an_account_is_looked_up_once()
    {
        for (var message = 0; message < 100; message++)
            Assert.Null(await FindAsync(Account.FirstId));
        Assert.Equal(1, _parts.Store.LookUps);
    }

    [Fact]
    public async Task A_user_of_another_app_or_below_the_first_account_is_not_looked_up()
    {
        Assert.Null(await _parts.Directory.FindAsync(AccountParts.App + 1, Account.FirstId, CancellationToken.None));
        Assert.Null(await FindAsync(Account.FirstId - 1));
        Assert.Equal(0, _parts.Store.LookUps);
    }

    [Fact]
    public async Task An_account_made_after_its_id_was_asked_for_is_found()
    {
        Assert.Null(await FindAsync(Account.FirstId));
        Assert.NotNull((await _parts.Service.RegisterAsync("alice", "a secret of alice", CancellationToken.None)).Account);
        Assert.Equal("alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    [Fact]
    public async Task A_user_behind_the_last_account_is_not_looked_up()
    {
        await _parts.Service.RegisterAsync("alice", "a secret of alice", CancellationToken.None);
        Assert.Null(await FindAsync(Account.FirstId + 1));
        Assert.Equal(0, _parts.Store.LookUps);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_remembered_after_it()
    {
        await _parts.Service.RegisterAsync("alice", "a secret of alice", CancellationToken.None);
        _parts.Directory.Forget(Account.FirstId);
        _parts.Store.Reading = new TaskCompletionSource();
        var read = FindAsync(Account.FirstId).AsTask();
        _parts.Directory.Remember((await _parts.Store.FindAsync("alice", CancellationToken.None))! with { NickName = "Alice" });
        // As a table that ran over, or a sign-in, does it.
        _parts.Directory.Forget(Account.FirstId);
        _parts.Store.Rename("Alice");
        _parts.Store.Reading.SetResult();
        await read;
        Assert.Equal("Alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    [Fact]
    public async Task A_rename_during_a_sign_in_is_kept()
    {
        var account = (await _parts.Service.RegisterAsync("alice", "a secret of alice", CancellationToken.None)).Account!;
        _parts.Store.FoundByName = () => _parts.Service.RenameAsync(account, "Alice", CancellationToken.None).GetAwaiter().GetResult();
        Assert.NotNull((await _parts.Service.SignInAsync("alice", "a secret of alice", default, CancellationToken.None)).Account);
        Assert.Equal("Alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    [Fact]
    public async Task What_another_node_has_changed_is_read_again()
    {
        var changes = new FakeChanges();
        var directory = new AccountDirectory(_parts.Store, _parts.Apps, changes);
        await _parts.Service.RegisterAsync("alice", "a secret of alice", CancellationToken.None);
        Assert.Equal("alice", (await NameAsync())!);
        _parts.Store.Rename("Alice");
        Assert.Equal("alice", (await NameAsync())!);
        await changes.TellAsync(new Change(ChangeKind.Account, A: Account.FirstId));
        Assert.Equal("Alice", (await NameAsync())!);
        _parts.Store.Rename("ALICE");
        await changes.MissAsync();
        Assert.Equal("ALICE", (await NameAsync())!);

        async Task<string?> NameAsync() => (await directory.FindAsync(AccountParts.App, Account.FirstId, CancellationToken.None))?.NickName;
    }

    [Fact]
    public async Task What_was_stored_before_another_change_is_not_remembered_after_it()
    {
        var changes = new FakeChanges();
        var directory = new AccountDirectory(_parts.Store, _parts.Apps, changes);
        var account = (await _parts.Service.RegisterAsync("alice", "a secret of alice", CancellationToken.None)).Account!;
        var before = directory.Changes;
        _parts.Store.Rename("Alice");
        await changes.TellAsync(new Change(ChangeKind.Account, A: Account.FirstId));
        directory.Remember(account, before);
        Assert.Equal("Alice", (await directory.FindAsync(AccountParts.App, Account.FirstId, CancellationToken.None))?.NickName);
    }

    private ValueTask<Account?> FindAsync(long userId) => _parts.Directory.FindAsync(AccountParts.App, userId, CancellationToken.None);
}
