using System.Collections.Concurrent;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Accounts by id, remembered, so that a chat message's sender is not looked up each time; that a user has none is
/// remembered too, for users who only have tokens write the most.
/// </summary>
internal sealed class AccountDirectory(IAccountStore store, AppTable apps)
{
    private const int MaxRemembered = 50_000;
    private readonly ConcurrentDictionary<long, Account?> _accounts = new();

    /// <summary>Null when the user has no account: another app's, or one that only has tokens.</summary>
    public async ValueTask<Account?> FindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        if (appId != apps.First.AppId || userId < Account.FirstId)
            return null;
        if (_accounts.TryGetValue(userId, out var known))
            return known;
        if (_accounts.Count > MaxRemembered)
            _accounts.Clear();
        // Made or changed while it was read: what was remembered then stands.
        return _accounts.GetOrAdd(userId, await store.FindAsync(userId, cancellationToken));
    }

    /// <summary>After an account was made or changed.</summary>
    public void Remember(Account account) => _accounts[account.Id] = account;
}
