using System.Globalization;
using Microsoft.AspNetCore.SignalR;

namespace Sailfish.Peers;

/// <summary>A room as a SignalR group. Messages are numbered, so that losses show; they are not stored.</summary>
internal sealed class RoomHub(RoomSeqs seqs, TimeProvider time) : Hub
{
    private const long AppId = 10001;
    private const int ChatCode = 5555;
    private const long SomeSender = 1_000_000;

    public async Task Join(long roomId) => await Groups.AddToGroupAsync(Context.ConnectionId, Group(roomId));

    /// <summary>Sends to everyone in the room but the sender, and answers with the number it gave.</summary>
    public async Task<HubReceipt> Send(long roomId, string clientMsgId, string data)
    {
        var seq = seqs.Next(roomId);
        var conversation = string.Create(CultureInfo.InvariantCulture, $"r:{roomId}");
        var msgId = string.Create(CultureInfo.InvariantCulture, $"{roomId}-{seq}");
        var message = new HubMessage(AppId, ChatCode, msgId, conversation, seq, time.GetUtcNow().ToUnixTimeMilliseconds(), SomeSender, data);
        await Clients.OthersInGroup(Group(roomId)).SendAsync("message", message);
        return new HubReceipt(clientMsgId, seq);
    }

    private static string Group(long roomId) => roomId.ToString(CultureInfo.InvariantCulture);
}
