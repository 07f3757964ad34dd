namespace Sailfish.Server.Accounts;

/// <summary>Where accounts are kept.</summary>
internal interface IAccountStore
{
    /// <summary>No user with a higher id has an account: the highest of an account, or any above it where others make some too.</summary>
    long LastId { get; }

    /// <summary>The new account, a user of that app under an id that is nobody's yet; null when the name is taken, or looks like one that is.</summary>
    Task<Account?> CreateAsync(long appId, string name, string passwordHash, string nickName, long time);

    ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Whether somebody else's account has a name with one of these looks.</summary>
    ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken);

    /// <summary>Whether a name is taken; a cheap look before what costs more, and no promise.</summary>
    ValueTask<bool> IsTakenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Puts a new password in the place of the one of that version, whichever it is without one; false when there is none.</summary>
    Task<bool> ChangePasswordAsync(long id, string passwordHash, long? version);

    /// <summary>Puts another hash of the same password in the place of that one.</summary>
    Task RehashAsync(long id, string oldHash, string newHash);

    /// <summary>Stores another nick name; gives the account as it is then, null when there is none.</summary>
    Task<Account?> RenameAsync(long id, string nickName);
}
