using Sailfish.Server.Text;

namespace Sailfish.Server.Content;

/// <summary>What the content check stopped or changed, for people who look after the rooms.</summary>
internal sealed record RiskRecord(long AppId, long UserId, string Conversation, string Action, string Word, string Content, long Time)
{
    /// <summary>UTF-16 units of a text that are kept: what was found in it is told beside it.</summary>
    private const int MaxContent = 1000;

    /// <summary>As it is stored.</summary>
    public RiskRecord Shortened() => Content.Length <= MaxContent ? this : this with { Content = Characters.First(Content, MaxContent) };
}

internal interface IRiskRecords
{
    /// <summary>Hands a record to the store, which keeps the beginning of a long content; waits while the store's queue is full.</summary>
    ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken);
}
