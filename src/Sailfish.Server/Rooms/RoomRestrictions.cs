using System.Collections.Concurrent;

namespace Sailfish.Server.Rooms;

/// <summary>Who is muted or banned in which room, in memory; kept in the store over restarts. Memory follows the store.</summary>
internal sealed class RoomRestrictions
{
    /// <summary>Changes of one key come one after the other; those of others mostly take another lane.</summary>
    private const int Lanes = 64;

    private readonly ConcurrentDictionary<RestrictionKey, long> _until = new();
    private readonly SemaphoreSlim[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new SemaphoreSlim(1))];
    private readonly IRestrictionStore _store;
    private readonly TimeProvider _time;

    public RoomRestrictions(IRestrictionStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        foreach (var (key, until) in store.LoadActive(time.GetUtcNow().ToUnixTimeMilliseconds()))
            _until[key] = until;
    }

    public int Count => _until.Count;

    /// <summary>How much longer the restriction holds; null when there is none.</summary>
    public TimeSpan? Remaining(RestrictionKey key)
    {
        if (!_until.TryGetValue(key, out var until))
            return null;
        var left = until - _time.GetUtcNow().ToUnixTimeMilliseconds();
        return left > 0 ? TimeSpan.FromMilliseconds(left) : null;
    }

    public Task SetAsync(RestrictionKey key, TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = (_time.GetUtcNow() + duration).ToUnixTimeMilliseconds();
        return ChangeAsync(key, () => _store.SaveAsync(new RoomRestriction(key, until), CancellationToken.None), () => _until[key] = until, cancellationToken);
    }

    public Task ClearAsync(RestrictionKey key, CancellationToken cancellationToken) =>
        ChangeAsync(key, () => _store.RemoveAsync(key, CancellationToken.None), () => _until.TryRemove(key, out _), cancellationToken);

    /// <summary>Whether some have ended by <paramref name="now"/>, milliseconds since 1970.</summary>
    public bool HasEnded(long now) => _until.Any(restriction => restriction.Value <= now);

    /// <summary>Forgets those that have ended by <paramref name="now"/>, unless they are set anew meanwhile.</summary>
    public void ForgetEnded(long now)
    {
        foreach (var restriction in _until.Where(restriction => restriction.Value <= now))
            _until.TryRemove(restriction);
    }

    /// <summary>First the store, then memory, and not cancelled between the two.</summary>
    private async Task ChangeAsync(RestrictionKey key, Func<Task> store, Action remember, CancellationToken cancellationToken)
    {
        var lane = _lanes[(uint)key.GetHashCode() % Lanes];
        await lane.WaitAsync(cancellationToken);
        try
        {
            await store();
            remember();
        }
        finally
        {
            lane.Release();
        }
    }
}
