using System.Collections.Concurrent;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Conversations that are known to have begun, which no conversation ever undoes. Bounded: the newer half is kept when there are
/// too many, and who is asked for again comes into it.
/// </summary>
/// <param name="most">Of a half.</param>
internal sealed class BegunConversations(int most = 50_000)
{
    private volatile Half _newer = new();
    private volatile Half _older = new();

    public bool Contains(in ConversationKey key)
    {
        if (_newer.Keys.ContainsKey(key))
            return true;
        if (!_older.Keys.ContainsKey(key))
            return false;
        Add(key);
        return true;
    }

    public void Add(in ConversationKey key)
    {
        var half = _newer;
        // Of those who find it full one goes on; what another adds to it meanwhile is read once more, at the worst.
        if (half.Keys.TryAdd(key, default) && Interlocked.Increment(ref half.Count) == most)
            (_older, _newer) = (half, new Half());
    }

    private sealed class Half
    {
        public readonly ConcurrentDictionary<ConversationKey, byte> Keys = new();

        /// <summary>The dictionary's own takes all of its locks.</summary>
        public int Count;
    }
}
