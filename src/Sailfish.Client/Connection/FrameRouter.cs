using System.Globalization;
using Sailfish.Client.Receiving;
using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>Takes each frame that is no answer to where it belongs.</summary>
internal sealed class FrameRouter(Session session, SyncPlan plan, ClientParts parts)
{
    public void Route(InboundFrame frame)
    {
        switch (frame.Code)
        {
            case FrameCode.Message:
                OnMessage(frame.Read(BodyJson.Wire.MessageBody));
                break;
            case FrameCode.Receipt:
                OnReceipt(frame.Read(BodyJson.Wire.ReceiptBody));
                break;
            case FrameCode.Error:
                OnError(frame.Read(BodyJson.Wire.ErrorBody));
                break;
            case FrameCode.Leave:
                OnLeave(frame.Read(BodyJson.Wire.RoomReply));
                break;
            case FrameCode.Heartbeat:
                OnHeartbeat(frame.Read(BodyJson.Wire.SessionReply));
                break;
            default:
                break;
        }
    }

    private void OnMessage(MessageBody body)
    {
        if (parts.Reader.Read(body) is { } message)
            parts.Inbox.Arrive(message, MessageSource.Push);
    }

    private void OnReceipt(ReceiptBody body)
    {
        if (body is not { ClientMsgId: { } id, MsgId: { } msgId, Conversation: { } conversation })
            return;
        var receipt = new Receipt(msgId, conversation, body.Seq, WireTime.Of(body.Time));
        parts.Inbox.Receipt(receipt);
        parts.Pending.TryComplete(id, receipt);
        parts.Pump.Run();
    }

    private void OnError(ErrorBody body)
    {
        var refusal = SailfishException.From(body);
        if (body.Error == ErrorWords.Behind)
            OnBehind(body.Conversation);
        else if (body.ClientMsgId is { } id)
            OnRefusedSend(id, refusal);
        else if (!session.Requests.TryRefuse(body, refusal) && body.RoomId is { } roomId)
            OnRoomError(roomId, body);
    }

    /// <summary>Not the answer to a request: the server says unasked that the room is over for this connection.</summary>
    private void OnRoomError(long roomId, ErrorBody error)
    {
        if (error.Error == ErrorWords.RoomClosed)
            parts.Rooms.OnClosed(roomId);
        else if (ErrorOwners.EndsMembership(error.Error))
            parts.Rooms.OnLeft(roomId, error.Error, error.RetryAfterMs);
    }

    private void OnRefusedSend(string clientMsgId, SailfishException refusal)
    {
        if (parts.Pending.Refuse(clientMsgId, refusal) is { } pause)
            parts.Pump.Pause(pause);
        else
            parts.Pump.Run();
    }

    private void OnBehind(string? conversation)
    {
        if (conversation is not null && parts.Inbox.Behind(conversation))
        {
            plan.AddRepair(conversation);
            return;
        }

        parts.Inbox.ResumePull();
        plan.AddPull();
    }

    private void OnLeave(RoomReply body) => parts.Rooms.OnLeft(body.RoomId, body.Reason ?? "left", body.RetryAfterMs);

    private void OnHeartbeat(SessionReply body)
    {
        foreach (var (room, count) in body.Rooms ?? new Dictionary<string, int>())
        {
            if (long.TryParse(room, NumberStyles.None, CultureInfo.InvariantCulture, out var roomId))
                parts.Events.ViewersAre(roomId, count);
        }
    }
}
