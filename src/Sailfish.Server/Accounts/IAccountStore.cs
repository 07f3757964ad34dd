namespace Sailfish.Server.Accounts;

/// <summary>Where accounts are kept.</summary>
internal interface IAccountStore
{
    /// <summary>The new account; null when the name is taken.</summary>
    Task<Account?> CreateAsync(string name, string passwordHash, string nickName, long time, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Stores what may change of an account.</summary>
    Task SaveAsync(Account account, CancellationToken cancellationToken);
}
