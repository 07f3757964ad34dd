using System.Collections.Concurrent;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Identity;

/// <summary>Who may not come in, in memory, so that LOGIN and the page's calls ask no store.</summary>
internal sealed class SuspensionTable : IDisposable
{
    private readonly ConcurrentDictionary<UserKey, long> _until = new();
    private readonly ISuspensionStore _store;
    private readonly TimeProvider _time;

    /// <summary>One change after the other: memory and store have the same one last.</summary>
    private readonly SemaphoreSlim _changes = new(1);

    public SuspensionTable(ISuspensionStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        foreach (var suspension in store.LoadActive(Now()))
            _until[new UserKey(suspension.AppId, suspension.UserId)] = suspension.Until;
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
    private async Task ChangeAsync(UserKey user, long until)
    {
        await _changes.WaitAsync(CancellationToken.None);
        try
        {
            _until[user] = until;
            await _store.SaveAsync(new Suspension(user.AppId, user.UserId, until), CancellationToken.None);
        }
        finally
        {
            _changes.Release();
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
