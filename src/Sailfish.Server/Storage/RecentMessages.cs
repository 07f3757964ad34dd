using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage;

/// <summary>
/// The newest messages of rooms, as they were committed, with their encodings: when all members of a room come back at
/// once, all ask for the same ones. Filled by the writer, up to a number of bytes; the oldest of all rooms go first, so
/// that what is kept of a room is a run up to its newest.
/// </summary>
internal sealed class RecentMessages(IOptions<StorageOptions> options)
{
    private readonly long _maxBytes = options.Value.RecentMiB * 1024L * 1024;
    private readonly ConcurrentDictionary<(ConversationKey Key, long Seq), StoredMessage> _messages = new();
    private readonly ConcurrentQueue<StoredMessage> _byAge = new();
    private long _bytes;

    /// <summary>Called by the writer alone, after the commit.</summary>
    public void Add(StoredMessage message)
    {
        if (_maxBytes == 0)
            return;
        _messages[(message.Conversation, message.Seq)] = message;
        _byAge.Enqueue(message);
        _bytes += Weight(message);
        while (_bytes > _maxBytes && _byAge.TryDequeue(out var oldest))
        {
            _messages.TryRemove((oldest.Conversation, oldest.Seq), out _);
            _bytes -= Weight(oldest);
        }
    }

    /// <summary>
    /// Messages that follow <paramref name="after"/>, bounded as in <see cref="IMessageHistory.ReadAsync"/>; null when they are
    /// not here up to the bound or to <paramref name="newest"/>: the last commit's may not be here yet.
    /// </summary>
    public MessagePage? TryRead(ConversationKey key, long after, int maxCount, int maxBytes, long newest)
    {
        List<StoredMessage> found = [];
        for (var (seq, bytes) = (after + 1, 0); _messages.TryGetValue((key, seq), out var next); seq++)
        {
            bytes += next.Size;
            if (found.Count == maxCount || (found.Count > 0 && bytes > maxBytes))
                return new MessagePage(found, IsWhole: false);
            found.Add(next);
        }

        return found.Count > 0 && found[^1].Seq >= newest ? new MessagePage(found, IsWhole: true) : null;
    }

    /// <summary>As <see cref="IMessageHistory.FindStartAsync"/>; null when not all that it looks at are here.</summary>
    public long? TryFindStart(ConversationKey key, long newest, int maxCount, int maxBytes)
    {
        var start = newest;
        for (var bytes = 0; start > 0 && newest - start < maxCount; start--)
        {
            if (!_messages.TryGetValue((key, start), out var message))
                return null;
            bytes += message.Size;
            if (start < newest && bytes > maxBytes)
                break;
        }

        return start;
    }

    /// <summary>
    /// When messages are deleted from the store. Called by the writer alone. Their bytes count until their turn comes: that
    /// they are here at all is rare.
    /// </summary>
    public void Remove(ConversationKey key, IEnumerable<long> seqs)
    {
        foreach (var seq in seqs)
            _messages.TryRemove((key, seq), out _);
    }

    /// <summary>About what a message takes at the most: its text, encodings for several dialects, and objects.</summary>
    private static long Weight(StoredMessage message) => 2048 + (16L * message.Data.Length);
}
