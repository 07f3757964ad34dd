using Sailfish.Server.Conversations;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A position on its way to the store, which merges as a test says.</summary>
internal sealed class TestPosition(long userId, long conversationId, bool hasRuns, Func<long, long> merge) : IPositionUpdate
{
    public long UserId => userId;

    public long ConversationId => conversationId;

    public bool HasRuns => hasRuns;

    public long Merge(long storedSeq) => merge(storedSeq);

    /// <summary>All up to a seq is acked, whatever is stored.</summary>
    public static TestPosition UpTo(long userId, long conversationId, long seq) => new(userId, conversationId, hasRuns: false, _ => seq);

    /// <summary>Acks beyond a hole: how far they reach depends on what is stored.</summary>
    public static TestPosition Beyond(long userId, long conversationId, Func<long, long> merge) => new(userId, conversationId, hasRuns: true, merge);

    /// <summary>Cannot be merged: what is in one transaction with it is not stored with it.</summary>
    public static TestPosition Broken() => new(10_001, 0, hasRuns: false, _ => throw new TimeZoneNotFoundException());
}
