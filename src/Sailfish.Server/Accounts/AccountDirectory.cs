using System.Collections.Concurrent;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Accounts by id, remembered, so that a chat message's sender is not looked up each time; that a user has none is
/// remembered too, for users who only have tokens write the most.
/// </summary>
internal sealed class AccountDirectory(IAccountStore store, AppTable apps)
{
    private const int MaxRemembered = 50_000;
    private readonly ConcurrentDictionary<long, Account?> _accounts = new();
    private readonly Lock _changing = new();
    private long _changes;

    /// <summary>Null when the user has no account: another app's, or one that only has tokens.</summary>
    public async ValueTask<Account?> FindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        if (appId != apps.First.AppId || userId < Account.FirstId || userId > store.LastId)
            return null;
        if (_accounts.TryGetValue(userId, out var known))
            return known;
        var changes = Interlocked.Read(ref _changes);
        var found = await store.FindAsync(userId, cancellationToken);
        TryRemember(userId, found, changes);
        return found;
    }

    /// <summary>After an account was made or changed.</summary>
    public void Remember(Account account)
    {
        lock (_changing)
        {
            _changes++;
            _accounts[account.Id] = account;
        }
    }

    /// <summary>The store is asked when the account is looked for again.</summary>
    public void Forget(long id)
    {
        lock (_changing)
        {
            _changes++;
            _accounts.TryRemove(id, out _);
        }
    }

    /// <summary>Not when anything changed while it was read: it may be from before the change.</summary>
    private void TryRemember(long id, Account? account, long changes)
    {
        lock (_changing)
        {
            if (_changes != changes)
                return;
            if (_accounts.Count >= MaxRemembered)
                _accounts.Clear();
            _accounts.TryAdd(id, account);
        }
    }
}
