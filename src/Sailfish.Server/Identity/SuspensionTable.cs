using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Identity;

/// <summary>Who may not come in, in memory, so that LOGIN and the page's calls ask no store.</summary>
internal sealed class SuspensionTable : IDisposable
{
    private readonly ConcurrentDictionary<UserKey, long> _until = new();
    private readonly ISuspensionStore _store;
    private readonly TimeProvider _time;

    /// <summary>One change after the other: memory and store have the same one last.</summary>
    private readonly SemaphoreSlim _changes = new(1);

    public SuspensionTable(ISuspensionStore store, TimeProvider time, IChangeFeed? changes = null)
    {
        _store = store;
        _time = time;
        changes?.On(ChangeKind.Suspension, ReadAsync);
        changes?.OnMissed(ReadAllAsync);
        Load();
    }

    public bool IsSuspended(UserKey user)
    {
        if (!_until.TryGetValue(user, out var until))
            return false;
        if (until > Now())
            return true;
        _until.TryRemove(new KeyValuePair<UserKey, long>(user, until));
        return false;
    }

    /// <param name="user">Who is suspended, whether or not there is such a user.</param>
    /// <param name="duration">For how long; null until it is taken back.</param>
    public Task SetAsync(UserKey user, TimeSpan? duration) =>
        ChangeAsync(user, duration is { } time ? Now() + (long)time.TotalMilliseconds : long.MaxValue);

    public Task ClearAsync(UserKey user) => ChangeAsync(user, 0);

    public void Dispose() => _changes.Dispose();

    /// <summary>Memory first: nobody comes in while it is stored. Not cancelled half way.</summary>
    private Task ChangeAsync(UserKey user, long until) => InTurnAsync(() =>
    {
        _until[user] = until;
        return _store.SaveAsync(new Suspension(user.AppId, user.UserId, until), CancellationToken.None);
    });

    private async Task ReadAsync(Change change)
    {
        if (change is not { AppId: { } appId, A: { } userId })
            return;
        await InTurnAsync(async () =>
        {
            var user = new UserKey(appId, userId);
            if (await _store.FindAsync(appId, userId, CancellationToken.None) is { } suspension)
                _until[user] = suspension.Until;
            else
                _until.TryRemove(user, out _);
        });
    }

    private Task ReadAllAsync() => InTurnAsync(() => Task.Run(() =>
    {
        var active = Load();
        foreach (var user in _until.Keys.Where(user => !active.Contains(user)))
            _until.TryRemove(user, out _);
    }));

    private HashSet<UserKey> Load()
    {
        HashSet<UserKey> active = [];
        foreach (var (appId, userId, until) in _store.LoadActive(Now()))
        {
            var user = new UserKey(appId, userId);
            _until[user] = until;
            active.Add(user);
        }

        return active;
    }

    private async Task InTurnAsync(Func<Task> change)
    {
        await _changes.WaitAsync(CancellationToken.None);
        try
        {
            await change();
        }
        finally
        {
            _changes.Release();
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
