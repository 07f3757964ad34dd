using System.Collections.Concurrent;

namespace Sailfish.Server.Rooms;

/// <summary>Who is muted or banned in which room, in memory; kept in the store over restarts.</summary>
internal sealed class RoomRestrictions
{
    private readonly ConcurrentDictionary<RestrictionKey, long> _until = new();
    private readonly IRestrictionStore _store;
    private readonly TimeProvider _time;

    public RoomRestrictions(IRestrictionStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        foreach (var (key, until) in store.LoadActive(time.GetUtcNow().ToUnixTimeMilliseconds()))
            _until[key] = until;
    }

    /// <summary>How much longer the restriction holds; null when there is none.</summary>
    public TimeSpan? Remaining(RestrictionKey key)
    {
        if (!_until.TryGetValue(key, out var until))
            return null;
        var left = until - _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (left > 0)
            return TimeSpan.FromMilliseconds(left);
        _until.TryRemove(new KeyValuePair<RestrictionKey, long>(key, until));
        return null;
    }

    public Task SetAsync(RestrictionKey key, TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = (_time.GetUtcNow() + duration).ToUnixTimeMilliseconds();
        _until[key] = until;
        return _store.SaveAsync(new RoomRestriction(key, until), cancellationToken);
    }

    public Task ClearAsync(RestrictionKey key, CancellationToken cancellationToken)
    {
        _until.TryRemove(key, out _);
        return _store.RemoveAsync(key, cancellationToken);
    }
}
