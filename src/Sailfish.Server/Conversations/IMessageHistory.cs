namespace Sailfish.Server.Conversations;

/// <summary>
/// The durable truth as it is read: per conversation a gap-free sequence of committed messages. Whoever has seen a seq here
/// or in a receipt finds it here from then on, until retention takes it.
/// </summary>
internal interface IMessageHistory
{
    /// <summary>The newest committed seq; 0 for a conversation that has no message.</summary>
    ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>Whether a conversation has a message, or had one: it is asked before each message, so what has begun should be known by heart.</summary>
    ValueTask<bool> HasBegunAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Messages with seq &gt; <paramref name="after"/>, in order: at most <paramref name="maxCount"/>, and no more than fit
    /// <paramref name="maxBytes"/>, but the first in any case. What is left out is not read.
    /// </summary>
    ValueTask<MessagePage> ReadAsync(ConversationKey key, long after, int maxCount, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// The seq after which the newest messages up to <paramref name="newest"/> begin, of which there are at most
    /// <paramref name="maxCount"/>, and no more than fit <paramref name="maxBytes"/>. No message is read for it.
    /// </summary>
    ValueTask<long> FindStartAsync(ConversationKey key, long newest, int maxCount, int maxBytes, CancellationToken cancellationToken);

    /// <summary>The conversation of a row, with its newest seq; null when there is none.</summary>
    ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken);

    /// <summary>The conversation of a name, with its newest seq; null when it has no message.</summary>
    ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>
    /// The user's one-to-one conversations with messages from others past the user's stored position, in the order of
    /// their rows, after <paramref name="afterId"/>. Costs what it gives, however many conversations the user has.
    /// </summary>
    ValueTask<IReadOnlyList<UnreadConversation>> ListUnreadAsync(long appId, long userId, long afterId, int limit, CancellationToken cancellationToken);

    /// <summary>Messages of a one-to-one conversation that are not the user's own, from a seq up to another; bounded as in <see cref="ReadAsync"/>.</summary>
    ValueTask<MessagePage> ReadFromOthersAsync(UnreadConversation conversation, long userId, long from, long to, int maxCount, int maxBytes, CancellationToken cancellationToken);
}

/// <summary>A conversation as stored.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Key">Its name.</param>
/// <param name="LastSeq">Its newest seq.</param>
internal sealed record ConversationRow(long Id, ConversationKey Key, long LastSeq);

/// <summary>A conversation in which messages wait for a user, as stored.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Key">Its name.</param>
/// <param name="LastSeq">The newest that waits.</param>
/// <param name="AckedSeq">The user's position.</param>
internal sealed record UnreadConversation(long Id, ConversationKey Key, long LastSeq, long AckedSeq);
