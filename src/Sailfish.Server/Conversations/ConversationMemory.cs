using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sailfish.Server.Conversations;

/// <summary>
/// What is known of conversations, so that the store need not be asked. Bounded: the newer half is kept when there are too many,
/// and who is asked for again comes into it.
/// </summary>
/// <param name="most">Conversations of a half.</param>
internal sealed class ConversationMemory<T>(int most = 50_000)
{
    private volatile Half _newer = new();
    private volatile Half _older = new();

    public bool TryFind(in ConversationKey key, [MaybeNullWhen(false)] out T known)
    {
        if (_newer.Known.TryGetValue(key, out known))
            return true;
        if (!_older.Known.TryGetValue(key, out known))
            return false;
        TryAdd(key, known);
        return true;
    }

    /// <summary>In the place of what was known. Of two who note something of one conversation at the same time, one wins.</summary>
    public void Note(in ConversationKey key, T known)
    {
        if (!TryAdd(key, known))
            _newer.Known[key] = known;
    }

    public void Clear() => (_older, _newer) = (new Half(), new Half());

    private bool TryAdd(in ConversationKey key, T known)
    {
        var half = _newer;
        if (!half.Known.TryAdd(key, known))
            return false;
        // Of those who find it full one goes on; what another adds to it meanwhile is asked for once more, at the worst.
        if (Interlocked.Increment(ref half.Count) == most)
            (_older, _newer) = (half, new Half());
        return true;
    }

    private sealed class Half
    {
        public readonly ConcurrentDictionary<ConversationKey, T> Known = new();

        /// <summary>The dictionary's own takes all of its locks.</summary>
        public int Count;
    }
}
