using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;

namespace Sailfish.Tests.Server;

/// <summary>The accounts as the server puts them together, over a store in memory.</summary>
internal sealed class AccountParts : IDisposable
{
    public const long App = 10001;

    private readonly PasswordHashing _hashing;

    public AccountParts(AccountOptions accounts, IPasswordHasher<Account> hasher, params List<string> forbiddenWords)
    {
        var options = Options.Create(accounts);
        Apps = new AppTable([new AppConfig { AppId = App, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]);
        var living = new LivingTable(new FakeLivingHistory(), Apps, TimeProvider.System);
        var names = new NameCheck(Store, living, new WordListCheck(Options.Create(new ContentOptions { Words = forbiddenWords })));
        _hashing = new PasswordHashing(hasher, TimeProvider.System);
        Directory = new AccountDirectory(Store, Apps);
        Service = new AccountService(
            Store, Directory, new NoAvatars(), new Lockout(options, TimeProvider.System),
            names, _hashing, new SuspensionTable(new NoSuspensions(), TimeProvider.System), Apps, options, TimeProvider.System);
    }

    public AppTable Apps { get; }

    public CountingAccountStore Store { get; } = new();

    public AccountDirectory Directory { get; }

    public AccountService Service { get; }

    public void Dispose()
    {
        Service.Dispose();
        _hashing.Dispose();
    }
}
