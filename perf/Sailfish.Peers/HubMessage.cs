namespace Sailfish.Peers;

/// <summary>A message as the hub sends it to the room's members: the members of a MESSAGE of Sailfish, and so about its size.</summary>
internal sealed record HubMessage(
    long AppId, int BizCode, string MsgId, string Conversation, long Seq, long Time, long SenderId, string Data);
