using System.Threading.Channels;

namespace Sailfish.Server.Messaging;

/// <summary>
/// The durable truth: per conversation a gap-free sequence of messages. Implemented over SQLite, and made so that a
/// database shared by several nodes can stand behind it.
/// </summary>
internal interface IMessageLog
{
    /// <summary>
    /// Hands a message to the writer; waits while the writer's queue is full, which is how back-pressure reaches senders.
    /// What became of it arrives at <see cref="Completed"/>.
    /// </summary>
    ValueTask AppendAsync(AppendRequest request, CancellationToken cancellationToken);

    /// <summary>Requests after their commit (or failure), in the order of their seqs within a conversation.</summary>
    ChannelReader<AppendRequest> Completed { get; }

    /// <summary>
    /// Called on the log's own thread when requests have come to <see cref="Completed"/>, with their number, and once more
    /// after the last ones. Must not throw.
    /// </summary>
    Action<int>? OnCompleted { get; set; }

    /// <summary>The newest committed seq; 0 for a conversation that has no message.</summary>
    ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>Messages with seq &gt; <paramref name="after"/>, in order, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<StoredMessage>> ReadAsync(ConversationKey key, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The conversation of a row, with its newest seq; null when there is none.</summary>
    ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken);

    /// <summary>The conversation of a name, with its newest seq; null when it has no message.</summary>
    ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>The user's one-to-one conversations that reach past the user's stored acked position.</summary>
    ValueTask<IReadOnlyList<ConversationRow>> ListBehindAsync(long appId, long userId, CancellationToken cancellationToken);
}

/// <summary>A conversation as stored.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Key">Its name.</param>
/// <param name="LastSeq">Its newest seq.</param>
/// <param name="AckedSeq">The asking user's stored acked position; 0 where no user was asked for.</param>
internal sealed record ConversationRow(long Id, ConversationKey Key, long LastSeq, long AckedSeq);
