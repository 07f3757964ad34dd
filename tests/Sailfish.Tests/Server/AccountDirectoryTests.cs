using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Configuration;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server;

public sealed class AccountDirectoryTests : IDisposable
{
    private const long App = 10001;
    private readonly CountingStore _store = new();
    private readonly AccountDirectory _directory;
    private readonly AccountService _service;

    public AccountDirectoryTests()
    {
        var options = Options.Create(new AccountOptions());
        var apps = new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]);
        _directory = new AccountDirectory(_store, apps);
        var names = new NameCheck(_store, new LivingTable(new FakeLivingStore(), apps, TimeProvider.System), new WordListCheck(Options.Create(new ContentOptions())));
        _service = new AccountService(_store, _directory, new AvatarStore(Options.Create(new ServerOptions())), new Lockout(options, TimeProvider.System), names, new PasswordHasher<Account>(), options, TimeProvider.System);
    }

    public void Dispose() => _service.Dispose();

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
        Assert.NotNull((await _service.RegisterAsync("alice", "secret1", CancellationToken.None)).Account);
        Assert.Equal("alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    [Fact]
    public async Task An_account_whose_sign_up_was_cut_off_is_found_after_sign_in()
    {
        _store.FailAfterCreate = true;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _service.RegisterAsync("alice", "secret1", CancellationToken.None));
        _store.Hidden = true;
        Assert.Null(await FindAsync(Account.FirstId));
        _store.Hidden = false;
        Assert.NotNull((await _service.SignInAsync("alice", "secret1", CancellationToken.None)).Account);
        Assert.Equal("alice", (await FindAsync(Account.FirstId))?.NickName);
    }

    private ValueTask<Account?> FindAsync(long userId) => _directory.FindAsync(App, userId, CancellationToken.None);

    /// <summary>One account at the most, and how often it was looked for by id.</summary>
    private sealed class CountingStore : IAccountStore
    {
        private Account? _account;

        public int LookUps { get; private set; }

        /// <summary>The account is stored, and its maker never learns.</summary>
        public bool FailAfterCreate { get; set; }

        /// <summary>Not yet seen by readers.</summary>
        public bool Hidden { get; set; }

        public Task<Account?> CreateAsync(string name, string passwordHash, string nickName, long time, CancellationToken cancellationToken)
        {
            _account = new Account(Account.FirstId, name, passwordHash, nickName, null);
            return FailAfterCreate ? Task.FromCanceled<Account?>(new CancellationToken(canceled: true)) : Task.FromResult<Account?>(_account);
        }

        public ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken) => new(_account?.Name == name ? _account : null);

        public ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken)
        {
            LookUps++;
            return new(!Hidden && _account?.Id == id ? _account : null);
        }

        public ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken) => new(false);

        public Task SaveAsync(Account account, CancellationToken cancellationToken)
        {
            _account = account;
            return Task.CompletedTask;
        }
    }
}
