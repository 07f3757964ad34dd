using System.Collections.Concurrent;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Conversations as readers found them in the database, or not, that nobody has written to since: a room without a message
/// would else be looked for with each join. What was seen holds for one era of the writer's memory, in which every
/// conversation that is written to gets into that memory and stays there. So a reader asks the memory first.
/// </summary>
internal sealed class SeenConversations(int capacity)
{
    private readonly ConcurrentDictionary<ConversationKey, (long Era, ConversationRow? Row)> _seen = new();
    private long _era;

    /// <summary>To be read before the database is.</summary>
    public long Era => Volatile.Read(ref _era);

    /// <summary>To be asked after the writer's memory did not know the conversation; null when there is none.</summary>
    public bool TryFind(ConversationKey key, out ConversationRow? row)
    {
        var isSeen = _seen.TryGetValue(key, out var entry) && entry.Era == Era;
        row = entry.Row;
        return isSeen;
    }

    public void Note(ConversationKey key, long era, ConversationRow? row)
    {
        if (_seen.Count >= capacity)
            _seen.Clear();
        _seen[key] = (era, row);
    }

    /// <summary>To be called before the writer forgets: whoever does not find a conversation there after it finds nothing here.</summary>
    public void EndEra() => Interlocked.Increment(ref _era);
}
