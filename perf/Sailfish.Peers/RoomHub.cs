using Microsoft.AspNetCore.SignalR;

namespace Sailfish.Peers;

/// <summary>A room as a SignalR group. Messages are numbered, so that losses show; they are not stored.</summary>
internal sealed class RoomHub(RoomSeqs seqs) : Hub
{
    public async Task Join(long roomId) => await Groups.AddToGroupAsync(Context.ConnectionId, Group(roomId));

    /// <summary>Sends to everyone in the room but the sender, and answers with the number it gave.</summary>
    public async Task<HubReceipt> Send(long roomId, string clientMsgId, string data)
    {
        var seq = seqs.Next(roomId);
        await Clients.OthersInGroup(Group(roomId)).SendAsync("message", new HubMessage(roomId, seq, data));
        return new HubReceipt(clientMsgId, seq);
    }

    private static string Group(long roomId) => roomId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
