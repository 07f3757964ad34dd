using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>
/// Pushes a room's messages to its members. One runs for a room that has something waiting, none for one that has not:
/// it takes all that waits, and sends all of it to each member at once. The busier the room, the larger the batch.
/// </summary>
internal sealed class RoomPump(ConnectionTable connections, RoomExits exits, PushMetrics metrics, ILogger<RoomPump> logger)
{
    /// <summary>About what one batch may hold, in characters of data: a push should fit the socket's buffer.</summary>
    private const int BatchTarget = 32 * 1024;

    /// <summary>Rooms that wait for <see cref="Start"/>, their pumps claimed; the dispatcher's.</summary>
    private readonly List<Room> _claimed = [];

    /// <summary>Adds a message, which is pushed after the next <see cref="Start"/>. Called by the dispatcher alone.</summary>
    public void Enqueue(Room room, RoomEntry entry)
    {
        room.Waiting.Enqueue(entry);
        Claim(room);
    }

    /// <summary>Pushes the end of the room behind all that waits. Called by the dispatcher alone.</summary>
    public void Close(Room room, StoredMessage end)
    {
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
                while (TakeBatch(room) is { } batch)
                    Push(room, batch);
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
        while ((!room.Waiting.IsEmpty || room.End != end) && room.TryStartPump());
    }

    private void TellEnd(Room room, StoredMessage end)
    {
        // Announced first, as a batch is: a join that ends now comes to the end by itself.
        room.PumpedSeq = end.Seq;
        foreach (var member in room.Members())
        {
            try
            {
                exits.End(member, end);
            }
#pragma warning disable CA1031 // one member's broken pipe must not keep the end from the others
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
        var size = 0;
        while (size < BatchTarget && room.Waiting.TryDequeue(out var entry))
        {
            entries ??= [];
            entries.Add(entry);
            size += entry.Message.Data.Length;
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
