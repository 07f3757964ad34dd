using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>Brings committed messages to their receivers. Used by the dispatcher's one loop.</summary>
internal sealed class Router(SessionTable sessions, RoomTable rooms, IRoomPolicy policy, RoomPump pump, AckTable acks, PushMetrics metrics)
{
    /// <summary>Hands the message on; returns how many of its receivers are online.</summary>
    public int Deliver(in CommittedMessage committed, FlushSet flushes) =>
        committed.Message.Conversation.IsRoom ? DeliverToRoom(committed) : DeliverToUsers(committed, flushes);

    private int DeliverToRoom(in CommittedMessage committed)
    {
        var (message, origin, closes, place) = committed;
        var key = RoomKey.Of(message.Conversation);
        // Before anybody looks who is in the room: whoever comes later is refused (RoomService.Enter).
        if (closes)
            policy.Closed(key);
        if (rooms.Find(key) is not { } room)
        {
            place.GiveBack();
            return 0;
        }

        if (closes)
            pump.Close(room, message);
        else
            pump.Enqueue(room, new RoomEntry(message, origin, place));
        return room.Viewers;
    }

    private int DeliverToUsers(in CommittedMessage committed, FlushSet flushes)
    {
        var (message, origin, _, _) = committed;
        var (appId, sender) = (message.Conversation.AppId, message.SenderId);
        var receiver = message.Conversation.Peer(sender);
        // Who sent it has it: it must not come back by SYNC.
        if (sender != ConversationKey.SystemUser)
            acks.Mark(message.ConversationId, sender, message.Seq);

        var online = sessions.Of(new UserKey(appId, receiver));
        foreach (var session in online)
            Push(session, message, flushes);
        foreach (var session in sessions.Of(new UserKey(appId, sender)))
        {
            if (session.Connection.Id != origin.ConnectionId)
                Push(session, message, flushes);
        }

        return online.Count > 0 ? 1 : 0;
    }

    private void Push(Session session, StoredMessage message, FlushSet flushes)
    {
        using (var scope = session.EnterScope())
        {
            var encoded = session.Encode(message);
            // What was appended in this batch waits for us, not for the socket: hand it over before calling it slow.
            if (!scope.Outbox.HasRoom(encoded.Bytes.Length))
                scope.Outbox.Flush();
            // One skipped, all skipped until the client was told: so the order stays, and the gap has one end.
            if (scope.IsBehind(message.Conversation) || !scope.TryAppend(encoded))
            {
                scope.MarkBehind(message.Conversation);
                metrics.Behind(1);
                return;
            }

            scope.AddPending(message);
            flushes.Add(scope.Outbox);
        }

        metrics.Pushed(1);
    }
}
