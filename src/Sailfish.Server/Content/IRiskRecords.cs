namespace Sailfish.Server.Content;

/// <summary>What the content check stopped or changed, for people who look after the rooms.</summary>
internal sealed record RiskRecord(long AppId, long UserId, string Conversation, string Action, string Word, string Content, long Time);

internal interface IRiskRecords
{
    /// <summary>Hands a record to the store; waits while the store's queue is full.</summary>
    ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken);
}
