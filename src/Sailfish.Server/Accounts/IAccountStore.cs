namespace Sailfish.Server.Accounts;

/// <summary>Where accounts are kept.</summary>
internal interface IAccountStore
{
    /// <summary>The new account; null when the name is taken, or looks like one that is.</summary>
    Task<Account?> CreateAsync(string name, string passwordHash, string nickName, long time, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Whether somebody else's account has a name with one of these looks.</summary>
    ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken);

    /// <summary>Stores what may change of an account.</summary>
    Task SaveAsync(Account account, CancellationToken cancellationToken);
}
