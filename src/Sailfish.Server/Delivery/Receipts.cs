using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Tells who sent a message what became of it: a RECEIPT when it is stored, an ERROR when it is not. Used by the dispatcher's
/// one loop.
/// </summary>
internal sealed class Receipts(PushMetrics metrics, MessageMetrics messageMetrics, ILogger<Receipts> logger)
{
    public void Tell(Submission submission, FlushSet flushes)
    {
        if (submission.Stored is { } message)
            SendReceipt(submission, message, flushes);
        else if (submission.IsTooLate)
            RefuseLate(submission);
        else
            Refuse(submission);
    }

    private void SendReceipt(Submission submission, StoredMessage message, FlushSet flushes)
    {
        if (submission.Sender is not { } sender || submission.ClientMsgId is null)
            return;
        using (var scope = sender.EnterScope())
        {
            scope.Append(
                FrameCode.Receipt,
                new ReceiptBody
                {
                    ClientMsgId = submission.ClientMsgId,
                    MsgId = message.MsgId,
                    Conversation = message.ConversationName,
                    Seq = message.Seq,
                    Time = message.Time,
                },
                BodyJson.Wire.ReceiptBody);
            flushes.Add(scope.Outbox);
        }

        metrics.Receipted();
    }

    /// <summary>Said after the end of the room's log.</summary>
    private void RefuseLate(Submission submission)
    {
        messageMetrics.Refused(ErrorWords.RoomClosed);
        submission.Sender?.Connection.SendError(ErrorWords.RoomClosed, "The room is closed.", submission.ClientMsgId, roomId: submission.Conversation.Low);
    }

    private void Refuse(Submission submission)
    {
        messageMetrics.Refused(ErrorWords.NotStored);
        DeliveryLog.NotStored(logger, submission.SenderId, submission.Conversation.Name);
        submission.Sender?.Connection.SendError(ErrorWords.NotStored, submission.FailureText, submission.ClientMsgId, retryAfter: TimeSpan.FromSeconds(1));
    }
}
