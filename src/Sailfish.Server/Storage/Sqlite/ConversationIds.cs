using System.Collections.Concurrent;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Which conversation a row is, which never changes, and which rows there can be: acks name rows, and what they name must
/// not cost a read each.
/// </summary>
internal sealed class ConversationIds(int capacity)
{
    private readonly ConcurrentDictionary<long, ConversationKey> _keys = new();
    private long _newest;

    /// <summary>False for rows beyond all that there are.</summary>
    public bool CanExist(long id) => id <= Volatile.Read(ref _newest);

    public bool TryFind(long id, out ConversationKey key) => _keys.TryGetValue(id, out key);

    public void Note(long id, ConversationKey key)
    {
        if (_keys.Count >= capacity)
            _keys.Clear();
        _keys[id] = key;
    }

    /// <summary>A row was made or met.</summary>
    public void Raise(long id)
    {
        for (var newest = Volatile.Read(ref _newest); id > newest;)
        {
            var found = Interlocked.CompareExchange(ref _newest, id, newest);
            if (found == newest)
                return;
            newest = found;
        }
    }
}
