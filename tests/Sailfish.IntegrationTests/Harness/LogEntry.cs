namespace Sailfish.IntegrationTests.Harness;

/// <summary>A message as a conversation's log has it.</summary>
/// <param name="Seq">Its place.</param>
/// <param name="MsgId">Its id.</param>
/// <param name="Sender">Who said it.</param>
/// <param name="Key">Its clientMsgId, which is its content, too.</param>
internal sealed record LogEntry(long Seq, string MsgId, long Sender, string Key);
