namespace Sailfish.Server.Conversations;

/// <summary>What one read of the log gave.</summary>
/// <param name="Messages">In the order of their seqs.</param>
/// <param name="IsWhole">Nothing that was asked for was left out.</param>
internal readonly record struct MessagePage(IReadOnlyList<StoredMessage> Messages, bool IsWhole);
