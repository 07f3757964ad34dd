namespace Sailfish.Server.Messaging;

/// <summary>How far users have acknowledged; written behind.</summary>
internal interface IPositionStore
{
    /// <summary>
    /// For each item merges the stored position into it and stores the outcome, all in one transaction.
    /// </summary>
    Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken);

    /// <summary>Unacked messages from others, seqs only, after the given position; at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<long>> ListForeignSeqsAsync(long conversationId, long userId, long after, int limit, CancellationToken cancellationToken);
}

/// <summary>One user's position in one conversation, on its way to the store.</summary>
internal interface IPositionUpdate
{
    long UserId { get; }

    long ConversationId { get; }

    /// <summary>Takes the stored position; returns the one to store. Called on the store's thread.</summary>
    long Merge(long storedSeq);
}
