using System.Globalization;
using Sailfish.Client.Receiving;
using Sailfish.Client.Sending;
using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>Takes each frame that is no answer to where it belongs.</summary>
internal sealed class FrameRouter(
    Session session,
    SyncPlan plan,
    Inbox inbox,
    MessageReader reader,
    PendingSends pending,
    SendPump pump,
    Rooms rooms,
    Action<long, int> viewers)
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
        if (reader.Read(body) is { } message)
            inbox.Arrive(message, MessageSource.Push);
    }

    private void OnReceipt(ReceiptBody body)
    {
        if (body is not { ClientMsgId: { } id, MsgId: { } msgId, Conversation: { } conversation })
            return;
        var receipt = new Receipt(msgId, conversation, body.Seq, WireTime.Of(body.Time));
        inbox.Receipt(receipt);
        pending.TryComplete(id, receipt);
        pump.Run();
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
            rooms.OnClosed(roomId);
        else if (ErrorOwners.EndsMembership(error.Error))
            rooms.OnLeft(roomId, error.Error, error.RetryAfterMs);
    }

    private void OnRefusedSend(string clientMsgId, SailfishException refusal)
    {
        if (pending.Refuse(clientMsgId, refusal) is { } pause)
            pump.Pause(pause);
        else
            pump.Run();
    }

    private void OnBehind(string? conversation)
    {
        if (conversation is not null && inbox.Behind(conversation))
        {
            plan.AddRepair(conversation);
            return;
        }

        inbox.ResumePull();
        plan.AddPull();
    }

    private void OnLeave(RoomReply body) => rooms.OnLeft(body.RoomId, body.Reason ?? "left", body.RetryAfterMs);

    private void OnHeartbeat(SessionReply body)
    {
        foreach (var (room, count) in body.Rooms ?? new Dictionary<string, int>())
        {
            if (long.TryParse(room, NumberStyles.None, CultureInfo.InvariantCulture, out var roomId))
                viewers(roomId, count);
        }
    }
}
