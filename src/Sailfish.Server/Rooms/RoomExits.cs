using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;

namespace Sailfish.Server.Rooms;

/// <summary>
/// How members get out of a room: of their own, put out, or at its end. It reads nothing of the store, on which whoever tells
/// an end must not wait.
/// </summary>
internal sealed class RoomExits(RoomTable table, IBus bus, EpochClock epochs)
{
    /// <summary>False when the member had left already.</summary>
    public bool Exit(RoomMember member)
    {
        member.Leave();
        return table.Change(member.Room.Key, room =>
        {
            var wasIn = member.Segment is not null;
            lock (member.Session.Memberships)
                member.Session.Memberships.Remove(member);
            if (member.Room.Remove(member) && !member.Session.IsGuest && bus.HasSubscribers)
                bus.Publish(new DomainEvent(EventTypes.RoomLeft, member.Session.AppId, member.Session.UserId, epochs.Next()) { RoomId = room.Key.RoomId });
            return wasIn;
        });
    }

    /// <summary>Puts a user out, and tells him so; returns how many connections that were.</summary>
    /// <param name="key">The room.</param>
    /// <param name="userId">Who.</param>
    /// <param name="ban">For how long he stays out, where he does.</param>
    public int Remove(RoomKey key, long userId, TimeSpan? ban)
    {
        // Who is told is who was removed here: another moderator may do the same at this moment.
        var removed = (table.Find(key)?.MembersOf(userId) ?? []).Where(Exit).ToList();
        foreach (var member in removed)
            member.Session.Connection.Send(FrameCode.Leave, new RoomReply { RoomId = key.RoomId, Reason = "removed", RetryAfterMs = (long?)ban?.TotalMilliseconds }, BodyJson.Wire.RoomReply);
        return removed.Count;
    }

    /// <summary>Tells a member the end of the room; then it has left, and may still read what was said there.</summary>
    public void End(RoomMember member, StoredMessage end)
    {
        if (!member.TryEnd(end))
            return;
        lock (member.Session.Memberships)
            member.Session.Memberships.NoteEnd(member.Conversation);
        Exit(member);
    }
}
