using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;

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

    public RoomRestrictions(IRestrictionStore store, TimeProvider time, IChangeFeed? changes = null)
    {
        _store = store;
        _time = time;
        changes?.On(ChangeKind.Restriction, ReadAsync);
        changes?.OnMissed(ReadAllAsync);
        Load();
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

    /// <summary>The bans that hold.</summary>
    public IEnumerable<RestrictionKey> Bans() => _until.Select(restriction => restriction.Key).Where(key => key.Kind == RestrictionKind.Banned && Remaining(key) is not null);

    /// <summary>Those of one kind that hold in a room, with the ends in milliseconds since 1970, the last first. A look at those of all rooms.</summary>
    public IEnumerable<RoomRestriction> In(RoomKey room, RestrictionKind kind) =>
        from restriction in _until
        where restriction.Key.Kind == kind && restriction.Key.AppId == room.AppId && restriction.Key.RoomId == room.RoomId && Remaining(restriction.Key) is not null
        orderby restriction.Value descending, restriction.Key.UserId
        select new RoomRestriction(restriction.Key, restriction.Value);

    /// <summary>Another node has stored it a moment ago, and this one is told before it reads it.</summary>
    public void Learn(RestrictionKey key, TimeSpan duration) => _until[key] = (_time.GetUtcNow() + duration).ToUnixTimeMilliseconds();

    public Task SetAsync(RestrictionKey key, TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = (_time.GetUtcNow() + duration).ToUnixTimeMilliseconds();
        return InTurnAsync(
            key,
            async () =>
            {
                await _store.SaveAsync(new RoomRestriction(key, until), CancellationToken.None);
                _until[key] = until;
            },
            cancellationToken);
    }

    public Task ClearAsync(RestrictionKey key, CancellationToken cancellationToken) => InTurnAsync(
        key,
        async () =>
        {
            await _store.RemoveAsync(key, CancellationToken.None);
            _until.TryRemove(key, out _);
        },
        cancellationToken);

    /// <summary>Whether some have ended by <paramref name="now"/>, milliseconds since 1970.</summary>
    public bool HasEnded(long now) => _until.Any(restriction => restriction.Value <= now);

    /// <summary>Forgets those that have ended by <paramref name="now"/>, unless they are set anew meanwhile.</summary>
    public void ForgetEnded(long now)
    {
        foreach (var restriction in _until.Where(restriction => restriction.Value <= now))
            _until.TryRemove(restriction);
    }

    private async Task ReadAsync(Change change)
    {
        if (change is not { AppId: { } appId, A: { } roomId, B: { } userId })
            return;
        foreach (var kind in Enum.GetValues<RestrictionKind>())
            await ReadAsync(new RestrictionKey(appId, roomId, userId, kind));
    }

    private Task ReadAsync(RestrictionKey key) => InTurnAsync(
        key,
        async () =>
        {
            if (await _store.FindAsync(key, CancellationToken.None) is { } found)
                _until[key] = found.Until;
            else
                _until.TryRemove(key, out _);
        },
        CancellationToken.None);

    /// <summary>What is set meanwhile, and gets lost here, is a change of its own, which is read next.</summary>
    private Task ReadAllAsync() => Task.Run(() =>
    {
        var active = Load();
        foreach (var key in _until.Keys.Where(key => !active.Contains(key)))
            _until.TryRemove(key, out _);
    });

    private HashSet<RestrictionKey> Load()
    {
        HashSet<RestrictionKey> active = [];
        foreach (var (key, until) in _store.LoadActive(_time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            _until[key] = until;
            active.Add(key);
        }

        return active;
    }

    /// <summary>First the store, then memory, and not cancelled between the two.</summary>
    private async Task InTurnAsync(RestrictionKey key, Func<Task> change, CancellationToken cancellationToken)
    {
        var lane = _lanes[(uint)key.GetHashCode() % Lanes];
        await lane.WaitAsync(cancellationToken);
        try
        {
            await change();
        }
        finally
        {
            lane.Release();
        }
    }
}
