namespace Sailfish.Server.Conversations;

/// <summary>How far users have acknowledged; written behind.</summary>
internal interface IPositionStore
{
    /// <summary>
    /// For each item merges the stored position into it and stores the outcome, all in one transaction. What a position
    /// reaches no longer waits.
    /// </summary>
    Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken);

    /// <summary>Counts messages that are not the user's own, from a seq up to another; at most <paramref name="limit"/>.</summary>
    ValueTask<long> CountFromOthersAsync(long conversationId, long userId, long from, long to, int limit, CancellationToken cancellationToken);
}

/// <summary>One user's position in one conversation, on its way to the store.</summary>
internal interface IPositionUpdate
{
    long UserId { get; }

    long ConversationId { get; }

    /// <summary>Acks beyond a hole: how far the position goes depends on what is stored.</summary>
    bool HasRuns { get; }

    /// <summary>Takes the stored position; returns the one to store. Called on the store's thread.</summary>
    long Merge(long storedSeq);
}
