namespace Sailfish.Peers;

/// <summary>What the hub answers a sender.</summary>
internal sealed record HubReceipt(string ClientMsgId, long Seq);
