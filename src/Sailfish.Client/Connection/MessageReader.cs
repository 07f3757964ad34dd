using Sailfish.Client.Receiving;
using Sailfish.Client.Sending;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Connection;

/// <summary>Makes messages for the application out of bodies, and takes out what is not for it.</summary>
internal sealed class MessageReader(long userId, PendingSends pending, Inbox inbox, Rooms rooms)
{
    /// <summary>The message; null when it was for the client itself.</summary>
    public SailfishMessage? Read(MessageBody body)
    {
        var data = ChatJson.Read(body.Data);
        // A stored close comes in its turn, behind what was said before it.
        if (body.Seq is null && RoomClose.Read(body.BizCode, data) is { } roomId)
        {
            rooms.OnClosed(roomId);
            return null;
        }

        if (body is { Seq: null, BizCode: BizCodes.RoomState })
        {
            rooms.OnState(body.Data);
            return null;
        }

        var message = Make(body, data);
        return message.SenderId == userId && IsOwnReceipt(body) ? null : message;
    }

    /// <summary>An own message whose receipt was lost with the connection: it is the receipt.</summary>
    private bool IsOwnReceipt(MessageBody body)
    {
        if (body is not { ClientMsgId: { } id, MsgId: { } msgId, Conversation: { } conversation, Seq: { } seq })
            return false;
        var receipt = new Receipt(msgId, conversation, seq, WireTime.Of(body.Time ?? 0));
        if (!pending.TryComplete(id, receipt))
            return false;
        inbox.Receipt(receipt);
        return true;
    }

    private static SailfishMessage Make(MessageBody body, ChatData data) => new()
    {
        MsgId = body.MsgId ?? "",
        BizCode = body.BizCode,
        Conversation = body.Conversation,
        Seq = body.Seq,
        Time = (body.Time ?? data.CreateTime) is { } time ? WireTime.Of(time) : null,
        SenderId = data.SenderId ?? data.UserId ?? 0,
        SenderName = data.SenderName,
        RoomId = data.RoomId,
        ObjectId = data.ObjectId,
        Content = data.Content,
        Data = body.Data ?? "",
    };
}
