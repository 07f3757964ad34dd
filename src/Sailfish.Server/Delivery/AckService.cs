using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>ACK: what a session says has arrived. It counts for the session's own user, whatever its body claims.</summary>
internal sealed class AckService(IMessageHistory history, DeliveredConversations delivered, AckTable acks)
{
    public ValueTask HandleAsync(Session session, AckBody ack)
    {
        if (ack.MsgId is { } msgId)
            return MessageId.TryParse(msgId, out var conversationId, out var seq) ? AckOneAsync(session, conversationId, seq) : default;
        return ack is { Conversation: { } name, Seq: > 0 and var upTo } && ConversationKey.TryParse(session.AppId, name, out var key)
            ? AckUpToAsync(session, key, upTo)
            : default;
    }

    private async ValueTask AckOneAsync(Session session, long conversationId, long seq)
    {
        StoredMessage? pushed;
        using (var scope = session.EnterScope())
            pushed = scope.RemovePending(conversationId, seq);
        if (pushed is not null)
        {
            if (!pushed.Conversation.IsRoom)
                acks.Mark(conversationId, session.UserId, seq);
            return;
        }

        // Nobody writes to a guest, so there is nothing to look for.
        if (session.IsGuest)
            return;
        // Pulled by SYNC, or given up on: the log knows whose conversation it is.
        var row = await history.FindConversationAsync(conversationId, CancellationToken.None);
        if (row is not null && IsOwn(session, row) && seq <= row.LastSeq)
            acks.Mark(conversationId, session.UserId, seq);
    }

    private async ValueTask AckUpToAsync(Session session, ConversationKey key, long seq)
    {
        using (var scope = session.EnterScope())
            scope.RemovePendingUpTo(key, seq);
        if (session.IsGuest || !key.HasParticipant(session.UserId))
            return;
        if (delivered.TryFind(key, seq, out var conversationId))
            acks.MarkUpTo(conversationId, session.UserId, seq);
        else if (await history.FindConversationAsync(key, CancellationToken.None) is { } row)
            acks.MarkUpTo(row.Id, session.UserId, Math.Min(seq, row.LastSeq));
    }

    private static bool IsOwn(Session session, ConversationRow row) =>
        row.Key.AppId == session.AppId && row.Key.HasParticipant(session.UserId);
}
