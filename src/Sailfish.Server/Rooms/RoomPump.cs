using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>
/// Pushes a room's messages to its members. One runs for a room that has something waiting, none for one that has not:
/// it takes all that waits, and sends all of it to each member at once. The busier the room, the larger the batch. What did
/// not come, or was too much to keep, it reads from the log: it goes from seq to seq, wherever the messages are.
/// </summary>
internal sealed class RoomPump(ConnectionTable connections, RoomExits exits, GapReader gaps, PushMetrics metrics, ILogger<RoomPump> logger)
{
    /// <summary>About what one batch may hold, in characters of data: a push should fit the socket's buffer.</summary>
    private const int BatchTarget = 32 * 1024;

    /// <summary>Rooms that wait for <see cref="Start"/>, their pumps claimed; the dispatcher's.</summary>
    private readonly List<Room> _claimed = [];

    /// <summary>Adds a message, which is pushed after the next <see cref="Start"/>. Called by the dispatcher alone.</summary>
    public void Enqueue(Room room, RoomEntry entry)
    {
        BeginAfter(room, entry.Message.Seq - 1);
        room.Queue.Add(entry);
        Claim(room);
    }

    /// <summary>
    /// The log has the room's messages up to a seq: what of them does not wait here is read there. The first time, this is where
    /// the pump begins: whoever is a member by then has read as far. Called by the dispatcher alone.
    /// </summary>
    public void Expect(Room room, long seq)
    {
        BeginAfter(room, seq);
        room.Queue.Expect(seq);
        Claim(room);
    }

    /// <summary>Pushes the end of the room behind all that waits. Called by the dispatcher alone.</summary>
    public void Close(Room room, StoredMessage end)
    {
        BeginAfter(room, end.Seq - 1);
        room.Queue.Expect(end.Seq - 1);
        room.End = end;
        Claim(room);
    }

    /// <summary>
    /// Starts the pumps of the rooms that were added to: at once and here while their members are no more than
    /// <paramref name="pushesHere"/> together, the others in the pool.
    /// </summary>
    public void Start(int pushesHere)
    {
        foreach (var room in _claimed)
        {
            pushesHere -= room.Connections;
            if (pushesHere >= 0)
                Run(room);
            else
                ThreadPool.UnsafeQueueUserWorkItem(static work => work.Pump.Run(work.Room), (Pump: this, Room: room), preferLocal: false);
        }

        _claimed.Clear();
    }

    /// <summary>What the room said before its first message here was pushed by another, or read by those who joined.</summary>
    private static void BeginAfter(Room room, long seq)
    {
        if (room.Queue.NewestSeq >= 0)
            return;
        room.PumpedSeq = seq;
        room.Queue.Expect(seq);
    }

    private void Claim(Room room)
    {
        if (room.TryStartPump())
            _claimed.Add(room);
    }

    /// <summary>Never throws: in the pool it would end the process, and a pump that has not ended lets no other begin.</summary>
    private void Run(Room room)
    {
        StoredMessage? end;
        do
        {
            end = room.End;
            try
            {
                // Looked at first: what was said before the end is pushed before it.
                if (PushAll(room) is { } missing)
                {
                    // The room stays claimed: it goes on when that is read.
                    ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Pump.ReadOnAsync(work.Room, work.UpTo), (Pump: this, Room: room, UpTo: missing), preferLocal: false);
                    return;
                }

                if (end is not null)
                    TellEnd(room, end);
            }
#pragma warning disable CA1031 // the room must go on; the messages are in the log, and SYNC brings them
            catch (Exception fault)
#pragma warning restore CA1031
            {
                RoomLog.PumpFailed(logger, fault, 1, room.Key.RoomId, room.Key.AppId);
            }

            room.EndPump();
        }
        // Something may have come between the last look and the end: then its sender saw a running pump.
        while ((!room.Queue.IsEmptyAfter(room.PumpedSeq) || room.End != end) && room.TryStartPump());
    }

    /// <summary>Pushes what waits; returns up to which seq the log is to be read before it goes on, or null when there is no more.</summary>
    private long? PushAll(Room room)
    {
        while (true)
        {
            // Looked at before what waits (RoomQueue.Add).
            var newest = room.Queue.NewestSeq;
            if (TakeBatch(room) is not { } batch)
            {
                var upTo = room.Queue.MissingUpTo(newest);
                return upTo > room.PumpedSeq ? upTo : null;
            }

            Push(room, batch);
        }
    }

    /// <summary>Pushes what the log has up to a seq, and goes on. Never throws.</summary>
    private async Task ReadOnAsync(Room room, long upTo)
    {
        try
        {
            // With nobody to push to there is nothing to read: who joins now reads by himself.
            while (room.PumpedSeq < upTo && room.Connections > 0)
            {
                var page = await gaps.ReadAsync(room.Conversation, room.PumpedSeq, upTo);
                if (page.Messages.Count > 0)
                    Push(room, new RoomBatch([.. page.Messages.Select(m => new RoomEntry(m, default, default))]));
                room.PumpedSeq = page.UpTo;
            }

            room.PumpedSeq = Math.Max(room.PumpedSeq, upTo);
        }
#pragma warning disable CA1031 // the room must go on; the members are told, and SYNC brings the messages
        catch (Exception fault)
#pragma warning restore CA1031
        {
            RoomLog.GapNotRead(logger, fault, room.Key.RoomId, room.Key.AppId, upTo);
            Skip(room, upTo);
        }

        Run(room);
    }

    /// <summary>Goes on after a seq without what is before it, and tells the members so.</summary>
    private void Skip(Room room, long upTo)
    {
        var count = upTo - room.PumpedSeq;
        // Announced first, as a batch is: a join that ends now reads that far by itself.
        room.PumpedSeq = upTo;
        ForEach(room, member =>
        {
            if (member.Skip(upTo))
                metrics.Behind(count);
        });
    }

    private void TellEnd(Room room, StoredMessage end)
    {
        // Announced first, as a batch is: a join that ends now comes to the end by itself.
        room.PumpedSeq = end.Seq;
        ForEach(room, member => exits.End(member, end));
    }

    private void ForEach(Room room, Action<RoomMember> tell)
    {
        foreach (var member in room.Members())
        {
            try
            {
                tell(member);
            }
#pragma warning disable CA1031 // one member's broken pipe must not keep it from the others
            catch (Exception fault)
#pragma warning restore CA1031
            {
                RoomLog.PushFailed(logger, fault, member.Session.UserId, member.Session.Connection.Id);
                member.Session.Connection.Abort("A push failed.");
            }
        }
    }

    private RoomBatch? TakeBatch(Room room)
    {
        List<RoomEntry>? entries = null;
        var (size, last) = (0, room.PumpedSeq);
        while (size < BatchTarget && room.Queue.TryTake(last, out var entry))
        {
            entries ??= [];
            entries.Add(entry);
            size += entry.Message.Data.Length;
            last = entry.Message.Seq;
            FindSender(room, entry)?.NoteOwn(entry.Message.Seq);
        }

        return entries is null ? null : new RoomBatch(entries);
    }

    /// <summary>The sender's place in the room as it is now: it may have left and come back since.</summary>
    private RoomMember? FindSender(Room room, RoomEntry entry)
    {
        if (entry.Origin == default)
            return null;
        var member = connections.Find(entry.Origin.ConnectionId)?.Session?.FindRoom(room.Key);
        // A room that emptied and was made anew has a pump of its own.
        return ReferenceEquals(member?.Room, room) ? member : null;
    }

    private void Push(Room room, RoomBatch batch)
    {
        // Announced first: a join that ends now looks at it (RoomMember.TryGoLive).
        room.PumpedSeq = batch.LastSeq;
        try
        {
            var segments = room.Segments;
            if (room.Connections > RoomSegment.Capacity && Environment.ProcessorCount > 1)
                Parallel.ForEach(segments, segment => Push(segment, batch));
            else
                Array.ForEach(segments, segment => Push(segment, batch));
        }
#pragma warning disable CA1031 // the room's pump must live; the messages are in the log, and SYNC brings them
        catch (Exception fault)
#pragma warning restore CA1031
        {
            RoomLog.PumpFailed(logger, fault, batch.Entries.Count, room.Key.RoomId, room.Key.AppId);
        }

        batch.GiveBackPlaces();
    }

    private void Push(RoomSegment segment, RoomBatch batch)
    {
        long pushed = 0, skipped = 0;
        using var copies = new ReceiverCopies(batch);
        // From the end: a member that is moved forward meanwhile is then met again rather than missed.
        var members = segment.Members;
        for (var i = members.Length - 1; i >= 0; i--)
        {
            if (Volatile.Read(in members[i]) is not { } member)
                continue;
            switch (TryPush(member, copies))
            {
                case PushOutcome.Pushed: pushed++; break;
                case PushOutcome.Skipped: skipped++; break;
                default: break;
            }
        }

        metrics.Pushed(pushed * batch.Entries.Count);
        if (skipped > 0)
            metrics.Behind(skipped * batch.Entries.Count);
    }

    private PushOutcome TryPush(RoomMember member, ReceiverCopies copies)
    {
        try
        {
            return member.Push(copies);
        }
#pragma warning disable CA1031 // one member's broken pipe must not keep the message from the others
        catch (Exception fault)
#pragma warning restore CA1031
        {
            RoomLog.PushFailed(logger, fault, member.Session.UserId, member.Session.Connection.Id);
            member.Session.Connection.Abort("A push failed.");
            return PushOutcome.Skipped;
        }
    }
}
