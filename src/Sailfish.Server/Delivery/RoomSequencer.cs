using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Brings the messages of rooms into the order of their seqs, whichever node they come from. What is missing is waited for, but
/// not long: then those behind it go on, and the room's pump reads it from the log. The dispatcher's loop's.
/// </summary>
internal sealed class RoomSequencer(RoomTable rooms, Router router, RoomPump pump, TimeProvider time, ILogger<RoomSequencer> logger)
{
    private readonly Dictionary<Room, RoomGap> _gaps = [];

    /// <summary>Whether <see cref="Tick"/> has something to look at.</summary>
    public bool IsWaiting => _gaps.Count > 0;

    /// <summary>Delivers a message when it is its turn; returns how many of its receivers are online here.</summary>
    public int Take(in CommittedMessage committed, FlushSet flushes)
    {
        var message = committed.Message;
        if (rooms.Find(RoomKey.Of(message.Conversation)) is not { } room)
            return router.Deliver(committed, flushes);
        if (message.Seq == room.NextSeq)
        {
            room.NextSeq++;
            var online = router.Deliver(committed, flushes);
            if (_gaps.Count > 0 && _gaps.TryGetValue(room, out var gap))
                Settle(gap, flushes);
            return online;
        }

        if (room.NextSeq > message.Seq)
            Drop(room, committed, flushes);
        else
            Hold(room, committed, flushes);
        return room.Viewers;
    }

    /// <summary>
    /// From now on messages of the room come to this node, and the log has those up to a seq: the feed begins behind it. To be
    /// called before a member reads the log, so that each has read at least as far.
    /// </summary>
    public void Begin(RoomKey key, long newest, FlushSet flushes)
    {
        if (rooms.Find(key) is not { } room)
            return;
        if (room.NextSeq > 0)
            Expect(key, newest, flushes);
        else
            BeginAfter(room, newest, flushes);
    }

    /// <summary>The log has the room's messages up to a seq: those that do not come soon are read there.</summary>
    public void Expect(RoomKey key, long newest, FlushSet flushes)
    {
        // Where it has not begun, whoever lets it begin has read a newer seq, or will.
        if (rooms.Find(key) is not { NextSeq: not 0 } room)
            return;
        if (room.NextSeq < 0)
            BeginAfter(room, newest, flushes);
        else if (newest >= room.NextSeq)
            GapOf(room).Expect(newest, time.GetTimestamp());
    }

    /// <summary>What is known of seqs counts no more: each room waits until it is told what the log has (<see cref="Expect"/>).</summary>
    public void Forget()
    {
        foreach (var room in rooms.All)
        {
            if (room.NextSeq > 0)
                room.NextSeq = -1;
        }
    }

    /// <summary>Lets go on what has waited long enough.</summary>
    public void Tick(FlushSet flushes)
    {
        foreach (var gap in _gaps.Values.ToList())
        {
            if (rooms.Find(gap.Room.Key) != gap.Room)
                LetGo(gap);
            else if (gap.Room.NextSeq > 0 && gap.IsDue(time))
                PassOn(gap, flushes);
        }
    }

    private void BeginAfter(Room room, long newest, FlushSet flushes)
    {
        if (newest < room.PumpedSeq)
            DeliveryLog.LogFellBack(logger, room.Conversation.Name, newest, room.PumpedSeq);
        room.NextSeq = newest + 1;
        pump.Expect(room, newest);
        if (_gaps.TryGetValue(room, out var gap))
            Settle(gap, flushes);
    }

    private void Hold(Room room, in CommittedMessage committed, FlushSet flushes)
    {
        var gap = GapOf(room);
        if (gap.Held.TryAdd(committed, time.GetTimestamp()))
            return;
        if (room.NextSeq > 0)
        {
            PassOn(gap, flushes);
            Take(committed, flushes);
            return;
        }

        // It is in the log, and read from there when the room begins.
        gap.Expect(committed.Message.Seq, time.GetTimestamp());
        committed.Place.GiveBack();
    }

    private RoomGap GapOf(Room room)
    {
        if (!_gaps.TryGetValue(room, out var gap))
            _gaps.Add(room, gap = new RoomGap(room));
        return gap;
    }

    /// <summary>Delivers what is next now, and looks what is still missing.</summary>
    private void Settle(RoomGap gap, FlushSet flushes)
    {
        var room = gap.Room;
        while (gap.Held.Count > 0 && gap.Held.FirstSeq <= room.NextSeq && gap.Held.TryTake(out var held))
            DeliverOrDrop(room, held, flushes);
        if (gap.TryEnd(room.NextSeq))
            _gaps.Remove(room);
    }

    /// <summary>Delivers what is held; the pump sees what is missing between, and reads it.</summary>
    private void PassOn(RoomGap gap, FlushSet flushes)
    {
        var room = gap.Room;
        _gaps.Remove(room);
        while (gap.Held.TryTake(out var held))
            DeliverOrDrop(room, held, flushes);
        if (gap.UpTo < room.NextSeq)
            return;
        room.NextSeq = gap.UpTo + 1;
        pump.Expect(room, gap.UpTo);
    }

    private void DeliverOrDrop(Room room, in CommittedMessage held, FlushSet flushes)
    {
        if (held.Message.Seq < room.NextSeq)
        {
            Drop(room, held, flushes);
            return;
        }

        room.NextSeq = held.Message.Seq + 1;
        router.Deliver(held, flushes);
    }

    /// <summary>It was delivered, or is read by the pump. That it is the end of the room may be new all the same.</summary>
    private void Drop(Room room, in CommittedMessage committed, FlushSet flushes)
    {
        if (committed.Closes && room.End is null)
            router.Deliver(committed, flushes);
        else
            committed.Place.GiveBack();
    }

    /// <summary>Nobody is left in the room.</summary>
    private void LetGo(RoomGap gap)
    {
        _gaps.Remove(gap.Room);
        while (gap.Held.TryTake(out var held))
            held.Place.GiveBack();
    }
}
