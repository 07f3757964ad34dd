namespace Sailfish.Server.Conversations;

/// <summary>What one read gave of messages that were missing.</summary>
/// <param name="Messages">In the order of their seqs.</param>
/// <param name="UpTo">Up to this seq nothing is missing any more: what is not among the messages, the retention took.</param>
internal readonly record struct GapPage(IReadOnlyList<StoredMessage> Messages, long UpTo);
