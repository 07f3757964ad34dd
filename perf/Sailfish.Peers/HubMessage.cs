namespace Sailfish.Peers;

/// <summary>A message as the hub sends it to the room's members.</summary>
internal sealed record HubMessage(long RoomId, long Seq, string Data);
