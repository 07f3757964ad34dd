using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Bus;
using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>JOIN, LEAVE, and what moderators do.</summary>
internal sealed class RoomService(
    RoomTable table,
    RoomRestrictions restrictions,
    IMessageLog log,
    IRoomPolicy policy,
    IBus bus,
    EpochClock epochs,
    IOptions<RoomsOptions> options)
{
    private const int MaxHistory = 100;

    /// <param name="session">Who joins.</param>
    /// <param name="request">Which room, and how much of its history.</param>
    /// <param name="answer">False on the legacy path, whose LOGIN frame was the answer.</param>
    public async ValueTask JoinAsync(Session session, RoomRequest request, bool answer = true)
    {
        if (Refusal(session, request) is { } refusal)
        {
            session.Connection.SendError(refusal.Error, refusal.Message, retryAfterMs: refusal.RetryAfterMs, roomId: request.RoomId);
            return;
        }

        var key = new RoomKey(session.AppId, request.RoomId);
        var isNew = session.Rooms.Find(key) is null;
        var member = session.Rooms.Find(key) ?? Enter(session, key);
        var newest = await log.NewestSeqAsync(member.Room.Conversation, CancellationToken.None);
        var history = request.History is > 0 and var wanted
            ? await log.ReadAsync(member.Room.Conversation, Math.Max(0, newest - wanted), wanted, CancellationToken.None)
            : [];
        lock (session.Connection.Outbox)
        {
            if (answer)
                Answer(session, member.Room, newest);
            session.Connection.Outbox.Flush();
        }

        foreach (var message in history.TakeWhile(m => m.Seq <= newest))
            await WriteAsync(session, message);
        if (isNew)
            await CatchUpAsync(session, member, newest);
        policy.Joined(key, member.Room.Viewers);
        // It closed while it was joined: whoever closed it may have looked before this member was listed.
        if (policy.StatusOf(key) != RoomStatus.Closed || session.Rooms.Find(key) is null)
            return;
        Exit(member);
        session.Connection.SendError(ErrorWords.RoomClosed, "The room is closed.", roomId: request.RoomId);
    }

    public void Leave(Session session, long roomId)
    {
        if (!Ids.IsRoom(roomId))
        {
            session.Connection.SendError(ErrorWords.BadRoom, "roomId is not a room's.");
            return;
        }

        if (session.Rooms.Find(new RoomKey(session.AppId, roomId)) is { } member)
            Exit(member);
        session.Connection.Send(FrameCode.Leave, new RoomReply { RoomId = roomId }, BodyJson.Wire.RoomReply);
    }

    /// <summary>The session's connection ended.</summary>
    public void LeaveAll(Session session)
    {
        foreach (var member in session.Rooms.All)
            Exit(member);
    }

    /// <summary>Removes a user from a room and keeps him out for a time; returns how many connections that were.</summary>
    public async Task<int> KickAsync(RoomKey key, long userId, TimeSpan? ban, CancellationToken cancellationToken)
    {
        if (ban is { } duration)
            await restrictions.SetAsync(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Banned), duration, cancellationToken);
        // Who is told is who was removed here: another moderator may do the same at this moment.
        var removed = (table.Find(key)?.MembersOf(userId) ?? []).Where(Exit).ToList();
        foreach (var member in removed)
            member.Session.Connection.Send(FrameCode.Leave, new RoomReply { RoomId = key.RoomId, Reason = "removed" }, BodyJson.Wire.RoomReply);
        return removed.Count;
    }

    /// <summary>Tells all members something that is not stored and has no seq.</summary>
    public void Announce(RoomKey key, int bizCode, string data)
    {
        var announcement = new Announcement(key.AppId, bizCode, data);
        foreach (var member in table.Find(key)?.Members() ?? [])
            member.Announce(announcement.Encode(member.Session));
    }

    /// <summary>Tells all members that the room is closed; then they have left it.</summary>
    public void Close(RoomKey key, int bizCode, string data)
    {
        Announce(key, bizCode, data);
        foreach (var member in table.Find(key)?.Members() ?? [])
            Exit(member);
    }

    public Task MuteAsync(RoomKey key, long userId, TimeSpan? duration, CancellationToken cancellationToken) =>
        restrictions.SetAsync(
            new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Muted),
            duration ?? TimeSpan.FromSeconds(options.Value.DefaultRestrictionSeconds),
            cancellationToken);

    public Task UnmuteAsync(RoomKey key, long userId, CancellationToken cancellationToken) =>
        restrictions.ClearAsync(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Muted), cancellationToken);

    /// <summary>How much longer the user may not write in the room; null when he may.</summary>
    public TimeSpan? MutedFor(RoomKey key, long userId) =>
        restrictions.Remaining(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Muted));

    private (string Error, string Message, long? RetryAfterMs)? Refusal(Session session, RoomRequest request)
    {
        if (!Ids.IsRoom(request.RoomId))
            return (ErrorWords.BadRoom, "roomId is not a room's.", null);
        if (request.History is < 0 or > MaxHistory)
            return (ErrorWords.BadRoom, $"history is 0 to {MaxHistory}.", null);
        var key = new RoomKey(session.AppId, request.RoomId);
        var status = policy.StatusOf(key);
        if (status == RoomStatus.Closed)
            return (ErrorWords.RoomClosed, "The room is closed.", null);
        if (status == RoomStatus.Unlisted && !options.Value.JoinUnlisted)
            return (ErrorWords.BadRoom, "There is no such room.", null);
        if (restrictions.Remaining(new RestrictionKey(key.AppId, key.RoomId, session.UserId, RestrictionKind.Banned)) is { } left)
            return (ErrorWords.Banned, "You were removed from this room.", (long)left.TotalMilliseconds);
        if (session.Rooms.Find(key) is null && session.Rooms.All.Count >= options.Value.MaxPerConnection)
            return (ErrorWords.TooManyRooms, $"A connection joins at most {options.Value.MaxPerConnection} rooms.", null);
        return null;
    }

    private RoomMember Enter(Session session, RoomKey key) =>
        table.Change(key, room =>
        {
            var member = new RoomMember(session, room);
            lock (session.Rooms)
                session.Rooms.Add(member);
            if (room.Add(member))
                Publish(EventTypes.RoomJoined, session, key);
            return member;
        });

    /// <summary>False when the member had left already.</summary>
    private bool Exit(RoomMember member)
    {
        lock (member.Session.Connection.Outbox)
            member.Leave();
        return table.Change(member.Room.Key, room =>
        {
            var wasIn = member.Segment is not null;
            lock (member.Session.Rooms)
                member.Session.Rooms.Remove(member);
            if (member.Room.Remove(member))
                Publish(EventTypes.RoomLeft, member.Session, room.Key);
            return wasIn;
        });
    }

    private static void Answer(Session session, Room room, long newest) =>
        session.Connection.Append(
            FrameCode.Join,
            new RoomReply { RoomId = room.Key.RoomId, Conversation = room.Conversation.Name, Seq = newest, Viewers = room.Viewers },
            BodyJson.Wire.RoomReply);

    /// <summary>Brings what was pumped while the join read the log, until nothing is left between the log and the pump.</summary>
    private async ValueTask CatchUpAsync(Session session, RoomMember member, long seq)
    {
        const int Page = 100;
        while (!session.Connection.IsClosing)
        {
            lock (session.Connection.Outbox)
            {
                if (member.TryGoLive(seq))
                    return;
            }

            foreach (var message in await log.ReadAsync(member.Room.Conversation, seq, Page, CancellationToken.None))
            {
                await WriteAsync(session, message);
                seq = message.Seq;
            }
        }
    }

    /// <summary>Writes to the session that asked, and waits for it when it reads slower than we write.</summary>
    private static async ValueTask WriteAsync(Session session, StoredMessage message)
    {
        var connection = session.Connection;
        while (connection.Outbox.IsCrowded && !connection.IsClosing)
            await connection.Outbox.WhenDrainedAsync();
        lock (connection.Outbox)
        {
            connection.Outbox.Append(message.Encode(connection.Dialect, session.Protocol), connection.Dialect, session.UserId);
            connection.Outbox.Flush();
        }
    }

    private void Publish(string type, Session session, RoomKey key) =>
        bus.Publish(new DomainEvent(type, session.AppId, session.UserId, epochs.Next()) { RoomId = key.RoomId });
}
