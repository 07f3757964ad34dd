using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Configuration;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server;

public sealed class AccountDirectoryTests : IDisposable
{
    private const long App = 10001;
    private readonly CountingAccountStore _store = new();
    private readonly AccountDirectory _directory;
    private readonly AccountService _service;
    private readonly PasswordHashing _hashing = new(new PasswordHasher<Account>(), TimeProvider.System);

    public AccountDirectoryTests()
    {
        var options = Options.Create(new AccountOptions());
        var apps = new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]);
        _directory = new AccountDirectory(_store, apps);
        var names = new NameCheck(_store, new LivingTable(new FakeLivingStore(), apps, TimeProvider.System), new WordListCheck(Options.Create(new ContentOptions())));
        _service = new AccountService(_store, _directory, new AvatarStore(Options.Create(new ServerOptions())), new Lockout(options, TimeProvider.System), names, _hashing, new SuspensionTable(new NoSuspensions(), TimeProvider.System), apps, options, TimeProvider.System);
    }

    public void Dispose()
    {
        _service.Dispose();
        _hashing.Dispose();
    }

    [Fact]
    public async Task A_user_without_an_account_is_looked_up_once()
    {
        for (var message = 0; message < 100; message++)
            Assert.Null(await FindAsync(Account.FirstId));
        Assert.Equal(1, _store.LookUps);
    }

    [Fact]
    public async Task A_user_of_another_app_or_below_the_first_account_is_not_looked_up()
    {
        Assert.Null(await _directory.FindAsync(App + 1, Account.FirstId, CancellationToken.None));
        Assert.Null(await FindAsync(Account.FirstId - 1));
        Assert.Equal(0, _store.LookUps);
    }

    [Fact]
    public async Task An_account_made_after_its_id_was_asked_for_is_found()
    {
        Assert.Null(await FindAsync(Account.FirstId));
        Assert.NotNull((await _service.RegisterAsync("alice", "a secret of alice", CancellationToken.None)).Account);
        Assert.Equal("alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    [Fact]
    public async Task A_user_behind_the_last_account_is_not_looked_up()
    {
        await _service.RegisterAsync("alice", "a secret of alice", CancellationToken.None);
        Assert.Null(await FindAsync(Account.FirstId + 1));
        Assert.Equal(0, _store.LookUps);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_remembered_after_it()
    {
        await _service.RegisterAsync("alice", "a secret of alice", CancellationToken.None);
        _directory.Forget(Account.FirstId);
        _store.Reading = new TaskCompletionSource();
        var read = FindAsync(Account.FirstId).AsTask();
        _directory.Remember((await _store.FindAsync("alice", CancellationToken.None))! with { NickName = "Alice" });
        // As a table that ran over, or a sign-in, does it.
        _directory.Forget(Account.FirstId);
        _store.Rename("Alice");
        _store.Reading.SetResult();
        await read;
        Assert.Equal("Alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    [Fact]
    public async Task A_rename_during_a_sign_in_is_kept()
    {
        var account = (await _service.RegisterAsync("alice", "a secret of alice", CancellationToken.None)).Account!;
        _store.FoundByName = () => _service.RenameAsync(account, "Alice", CancellationToken.None).GetAwaiter().GetResult();
        Assert.NotNull((await _service.SignInAsync("alice", "a secret of alice", default, CancellationToken.None)).Account);
        Assert.Equal("Alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    private ValueTask<Account?> FindAsync(long userId) => _directory.FindAsync(App, userId, CancellationToken.None);
}
