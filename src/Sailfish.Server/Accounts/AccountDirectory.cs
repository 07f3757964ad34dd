using System.Collections.Concurrent;

namespace Sailfish.Server.Accounts;

/// <summary>Accounts by id, remembered, so that a chat message's sender is not looked up each time.</summary>
internal sealed class AccountDirectory(IAccountStore store, AppTable apps)
{
    private const int MaxRemembered = 50_000;
    private readonly ConcurrentDictionary<long, Account> _accounts = new();

    /// <summary>Null when the user has no account: another app's, or one that only has tokens.</summary>
    public async ValueTask<Account?> FindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        if (appId != apps.First.AppId || userId < Account.FirstId)
            return null;
        if (_accounts.TryGetValue(userId, out var known))
            return known;
        if (_accounts.Count > MaxRemembered)
            _accounts.Clear();
        // Changed while it was read: what the change remembered stands.
        return await store.FindAsync(userId, cancellationToken) is { } account ? _accounts.GetOrAdd(userId, account) : null;
    }

    /// <summary>After a change.</summary>
    public void Remember(Account account) => _accounts[account.Id] = account;
}
