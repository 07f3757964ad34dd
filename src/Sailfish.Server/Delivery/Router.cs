using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>Brings committed messages to their receivers. Used by the dispatcher's one loop.</summary>
internal sealed class Router(SessionTable sessions, RoomTable rooms, IRoomPolicy policy, RoomPump pump, PushMetrics metrics)
{
    /// <summary>Hands the message on; returns how many of its receivers are online.</summary>
    public int Deliver(in CommittedMessage committed, FlushSet flushes) =>
        committed.Message.Conversation.IsRoom ? DeliverToRoom(committed) : DeliverToUsers(committed, flushes);

    /// <summary>How many of its receivers are online here.</summary>
    public int CountOnline(StoredMessage message)
    {
        var conversation = message.Conversation;
        if (conversation.IsRoom)
            return rooms.Find(RoomKey.Of(conversation))?.Viewers ?? 0;
        return sessions.IsOnline(new UserKey(conversation.AppId, conversation.Peer(message.SenderId))) ? 1 : 0;
    }

    /// <summary>Whether one of the two of a one-to-one conversation has a session here.</summary>
    public bool HasSessions(ConversationKey conversation) =>
        sessions.IsOnline(new UserKey(conversation.AppId, conversation.Low)) || sessions.IsOnline(new UserKey(conversation.AppId, conversation.High));

    /// <summary>
    /// A one-to-one message whose turn has passed, though nobody here was given it. Who understands that he is behind is told so;
    /// the others get it out of its order.
    /// </summary>
    public void DeliverLate(in CommittedMessage committed, FlushSet flushes, bool tellsBehind)
    {
        foreach (var session in SessionsOf(committed.Message.Conversation))
        {
            if (session.Connection.Id == committed.Origin.ConnectionId)
                continue;
            if (session.IsModern && tellsBehind)
                TellBehind(session, committed.Message.Conversation);
            else if (!session.IsModern)
                Push(session, committed.Message, flushes);
        }
    }

    /// <summary>Messages of a one-to-one conversation cannot be brought: SYNC brings them.</summary>
    public void TellBehind(ConversationKey conversation)
    {
        foreach (var session in SessionsOf(conversation))
            TellBehind(session, conversation);
    }

    private void TellBehind(Session session, ConversationKey conversation)
    {
        using (var scope = session.EnterScope())
        {
            scope.MarkBehind(conversation);
            scope.TellBehind();
        }

        metrics.Behind(1);
    }

    private IEnumerable<Session> SessionsOf(ConversationKey conversation) =>
        sessions.Of(new UserKey(conversation.AppId, conversation.Low)).Concat(sessions.Of(new UserKey(conversation.AppId, conversation.High)));

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
