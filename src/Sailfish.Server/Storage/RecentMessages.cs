using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;

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
    /// Messages that follow <paramref name="after"/>, in order, as far as they are here; false when the first of them is not.
    /// </summary>
    public bool TryRead(ConversationKey key, long after, int limit, [NotNullWhen(true)] out IReadOnlyList<StoredMessage>? messages)
    {
        messages = null;
        if (!_messages.TryGetValue((key, after + 1), out var next))
            return false;
        List<StoredMessage> found = [];
        do
            found.Add(next);
        while (found.Count < limit && _messages.TryGetValue((key, next.Seq + 1), out next));
        messages = found;
        return true;
    }

    /// <summary>When messages are deleted from the store. Called by the writer alone.</summary>
    public void Clear()
    {
        _byAge.Clear();
        _messages.Clear();
        _bytes = 0;
    }

    /// <summary>About what a message takes at the most: its text, encodings for several dialects, and objects.</summary>
    private static long Weight(StoredMessage message) => 2048 + (16L * message.Data.Length);
}
