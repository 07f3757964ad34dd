using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Identity;

/// <summary>Whose tokens are void, in memory, so that LOGIN asks no store.</summary>
internal sealed class RevocationTable
{
    private readonly ConcurrentDictionary<UserKey, long> _before = new();
    private readonly IRevocationStore _store;
    private readonly TimeProvider _time;

    public RevocationTable(IRevocationStore store, TimeProvider time, IChangeFeed? changes = null)
    {
        _store = store;
        _time = time;
        changes?.On(ChangeKind.Revocation, ReadAsync);
        changes?.OnMissed(ReadAllAsync);
        Load();
    }

    /// <param name="user">The bearer.</param>
    /// <param name="mintedAt">Milliseconds since 1970.</param>
    public bool IsRevoked(UserKey user, long mintedAt) => _before.TryGetValue(user, out var before) && mintedAt <= before;

    /// <summary>Voids all tokens of the user minted until now.</summary>
    public async Task RevokeAsync(UserKey user, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        // Never earlier than it was: the clock may have gone back, and what was void stays so.
        var before = Note(user, now);
        await _store.SaveAsync(new Revocation(user.AppId, user.UserId, before), cancellationToken);
        // A token minted after this has returned must not carry the same millisecond.
        if (_time.GetUtcNow().ToUnixTimeMilliseconds() <= now)
            await Task.Delay(TimeSpan.FromMilliseconds(2), _time, cancellationToken);
    }

    private long Note(UserKey user, long time) => _before.AddOrUpdate(user, time, (_, known) => Math.Max(known, time));

    private void Load()
    {
        foreach (var revocation in _store.LoadAll())
            Note(new UserKey(revocation.AppId, revocation.UserId), revocation.Before);
    }

    private async Task ReadAsync(Change change)
    {
        if (change is { AppId: { } appId, A: { } userId } && await _store.FindAsync(appId, userId, CancellationToken.None) is { } revocation)
            Note(new UserKey(appId, userId), revocation.Before);
    }

    private Task ReadAllAsync() => Task.Run(Load);
}
