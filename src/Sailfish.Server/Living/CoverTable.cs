using System.Collections.Immutable;
using System.Globalization;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Living;

/// <summary>
/// Which open rooms have covers, in memory and at most a second old, so that the list asks nobody; and the covers that are looked
/// at, as far as they fit.
/// </summary>
internal sealed class CoverTable(ICoverStore store, PathBase pathBase)
{
    /// <summary>Bytes; beyond them all covers are forgotten, and read again when they are asked for.</summary>
    private const long MaxRemembered = 32 * 1024 * 1024;

    private readonly Lock _changing = new();
    private readonly Dictionary<string, Cover> _remembered = [];
    private volatile ImmutableDictionary<long, CoverHead> _heads = ImmutableDictionary<long, CoverHead>.Empty;
    private long _changes;
    private long _bytes;

    /// <summary>Where the page finds the room's cover; empty when it has none.</summary>
    public string PathOf(long roomId) =>
        _heads.ContainsKey(roomId) ? string.Create(CultureInfo.InvariantCulture, $"{pathBase.Value}/live/{roomId}.jpg") : "";

    public bool IsChosen(long roomId) => _heads.TryGetValue(roomId, out var head) && head.IsChosen;

    /// <summary>The room's cover, from memory or the store; null when it has none.</summary>
    public async ValueTask<Cover?> FindAsync(long roomId, CancellationToken cancellationToken)
    {
        if (!_heads.TryGetValue(roomId, out var head))
            return null;
        lock (_changing)
        {
            if (_remembered.TryGetValue(head.Name, out var known))
                return known;
        }

        var found = await store.FindAsync(roomId, cancellationToken);
        if (found is not null)
            Remember(found);
        return found;
    }

    /// <summary>As <see cref="ICoverStore.SaveAsync"/>.</summary>
    public async Task<bool> ChangeAsync(long roomId, Cover cover, bool isChosen)
    {
        if (!await store.SaveAsync(roomId, cover, isChosen))
            return false;
        var before = Note(new CoverHead(roomId, cover.Name, isChosen));
        if (before is not null && before.Name != cover.Name)
            Forget(before.Name);
        Remember(cover);
        return true;
    }

    /// <summary>As <see cref="ICoverStore.LetGoAsync"/>.</summary>
    public async Task LetGoAsync(long roomId)
    {
        await store.LetGoAsync(roomId);
        if (_heads.TryGetValue(roomId, out var head))
            Note(head with { IsChosen = false });
    }

    /// <summary>Takes what the store has: covers that other nodes changed, and ends of rooms.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var changes = Interlocked.Read(ref _changes);
        var heads = (await store.ListAsync(cancellationToken)).ToImmutableDictionary(head => head.RoomId);
        lock (_changing)
        {
            // What changed here meanwhile is younger than what was read; the next round has it.
            if (changes == _changes)
                _heads = heads;
        }
    }

    private CoverHead? Note(CoverHead head)
    {
        lock (_changing)
        {
            var before = _heads.GetValueOrDefault(head.RoomId);
            _changes++;
            _heads = _heads.SetItem(head.RoomId, head);
            return before;
        }
    }

    private void Remember(Cover cover)
    {
        lock (_changing)
        {
            if (_bytes + cover.Content.Length > MaxRemembered)
            {
                _remembered.Clear();
                _bytes = 0;
            }

            if (_remembered.TryAdd(cover.Name, cover))
                _bytes += cover.Content.Length;
        }
    }

    private void Forget(string name)
    {
        lock (_changing)
        {
            if (_remembered.Remove(name, out var gone))
                _bytes -= gone.Content.Length;
        }
    }
}
