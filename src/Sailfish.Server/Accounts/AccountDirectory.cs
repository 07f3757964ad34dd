using System.Collections.Concurrent;
using Sailfish.Protocol;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Accounts;

/// <summary>
/// Accounts by id, remembered, so that a chat message's sender is not looked up each time; that a user has none is
/// remembered too, for users who only have tokens write the most.
/// </summary>
internal sealed class AccountDirectory
{
    private const int MaxRemembered = 50_000;
    private readonly IAccountStore _store;
    private readonly AppTable _apps;
    private readonly ConcurrentDictionary<long, Account?> _accounts = new();
    private readonly Lock _changing = new();
    private long _changes;

    public AccountDirectory(IAccountStore store, AppTable apps, IChangeFeed? changes = null)
    {
        (_store, _apps) = (store, apps);
        changes?.On(ChangeKind.Account, change =>
        {
            Forget(change.A ?? 0);
            return Task.CompletedTask;
        });
        changes?.OnMissed(() =>
        {
            ForgetAll();
            return Task.CompletedTask;
        });
    }

    /// <summary>Null when the user has no account: another app's, or one that only has tokens.</summary>
    public async ValueTask<Account?> FindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        if (appId != _apps.First.AppId || userId < Account.FirstId || userId > _store.LastId || Ids.IsGuest(userId))
            return null;
        if (_accounts.TryGetValue(userId, out var known))
            return known;
        var changes = Interlocked.Read(ref _changes);
        var found = await _store.FindAsync(userId, cancellationToken);
        TryRemember(userId, found, changes);
        return found;
    }

    /// <summary>Goes up with each change that is heard of.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>After an account was made or changed.</summary>
    /// <param name="account">As it was stored.</param>
    /// <param name="before">
    /// <see cref="Changes"/> before it was: when others were heard of since, one of them may have come after it, and the store is
    /// asked. Not given where nobody else changes it.
    /// </param>
    public void Remember(Account account, long? before = null)
    {
        lock (_changing)
        {
            if (before is { } changes && changes != _changes)
                _accounts.TryRemove(account.Id, out _);
            else
                _accounts[account.Id] = account;
            _changes++;
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

    private void ForgetAll()
    {
        lock (_changing)
        {
            _changes++;
            _accounts.Clear();
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
