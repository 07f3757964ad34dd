namespace Sailfish.Client;

/// <summary>The server's word that a message is durably stored.</summary>
/// <param name="MsgId">The stored message's name, the same in every copy of it.</param>
/// <param name="Conversation">Where it is stored: <c>d:{low}:{high}</c> or <c>r:{room}</c>.</param>
/// <param name="Seq">Its position there: 1, 2, 3…</param>
/// <param name="Time">When the server took it, to the millisecond.</param>
public sealed record Receipt(string MsgId, string Conversation, long Seq, DateTimeOffset Time);
