using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>
/// A session in a room, and how far it was given the room's messages. Everything here is guarded by the outbox's lock:
/// what a member was given and what stands in its outbox must not differ.
/// </summary>
internal sealed class RoomMember(Session session, Room room) : Membership
{
    private State _state = State.CatchingUp;
    private long _lastSeq;

    /// <summary>The newest seq that the join wrote.</summary>
    private long _givenSeq;

    /// <summary>Seqs that the pump passed by while the member joined, and that it sent itself before.</summary>
    private List<long>? _ownPassed;

    private enum State
    {
        /// <summary>Joining: the pump passes by, and the join brings what was pumped meanwhile.</summary>
        CatchingUp,

        /// <summary>The pump pushes.</summary>
        Live,

        /// <summary>The socket is too slow: the pump passes by until the client was told.</summary>
        Behind,

        /// <summary>A pump that reads an older list of members passes by.</summary>
        Left,
    }

    public Session Session { get; } = session;

    public Room Room { get; } = room;

    public override ConversationKey Conversation => Room.Conversation;

    /// <summary>Where the member stands in its segment; the room's.</summary>
    public int Index { get; set; }

    /// <summary>The segment; the room's.</summary>
    public RoomSegment? Segment { get; set; }

    /// <summary>The newest seq in the batch under way that this member sent itself; the pump's.</summary>
    public long OwnSeq { get; set; }

    /// <summary>The caller holds the outbox's lock.</summary>
    public bool HasLeft => _state == State.Left;

    /// <summary>A message of the next batch came from this connection. Called by the pump before it announces the batch.</summary>
    public void NoteOwn(long seq)
    {
        OwnSeq = seq;
        // Nobody begins to catch up again: who does not now needs no note.
        if (_state != State.CatchingUp)
            return;
        lock (Session.Connection.Outbox)
            (_ownPassed ??= []).Add(seq);
    }

    /// <summary>
    /// Writes what the join read, unless it is the member's own; false when the member has left. The caller holds the
    /// outbox's lock.
    /// </summary>
    public bool Give(StoredMessage message, bool isHistory)
    {
        if (HasLeft)
            return false;
        _givenSeq = message.Seq;
        if (!isHistory && _ownPassed?.Contains(message.Seq) == true)
            return true;
        Session.Connection.Outbox.Append(message.Encode(Session.Connection.Dialect, Session.Protocol), Session.Connection.Dialect, Session.UserId);
        return true;
    }

    /// <summary>
    /// Ends catching up at <paramref name="seq"/>, unless more was pumped meanwhile. The caller holds the outbox's lock.
    /// </summary>
    public bool TryGoLive(long seq)
    {
        // The pump announces a batch before it visits members: what it announced, it may have passed by here.
        if (Room.PumpedSeq > seq)
            return false;
        _lastSeq = seq;
        if (_state == State.CatchingUp)
            _state = State.Live;
        return true;
    }

    /// <summary>
    /// Ends catching up at <paramref name="seq"/> without the rest, which SYNC brings. The caller holds the outbox's lock.
    /// </summary>
    public bool TryFallBehind(long seq)
    {
        // At the end of a room the pump leaves it to the join to tell it.
        if (_state != State.CatchingUp || Room.IsEnding)
            return false;
        (_lastSeq, _state) = (seq, State.Behind);
        Session.MarkBehind(Room.Conversation);
        return true;
    }

    /// <summary>Something that stands outside the room's seqs: told if there is room for it.</summary>
    public void Announce(EncodedMessage message)
    {
        var outbox = Session.Connection.Outbox;
        lock (outbox)
        {
            if (_state == State.Left || !outbox.HasRoom(message.Bytes.Length))
                return;
            outbox.Append(message, Session.Connection.Dialect, Session.UserId);
            outbox.Flush();
        }
    }

    /// <summary>
    /// Tells the end of the room, whatever waits: it is one frame. False when the member has left, or joins: then the join
    /// comes to the end by itself.
    /// </summary>
    public bool TryEnd(StoredMessage end)
    {
        var outbox = Session.Connection.Outbox;
        lock (outbox)
        {
            if (_state is State.Left or State.CatchingUp)
                return false;
            _state = State.Left;
            if (_givenSeq >= end.Seq)
                return true;
            outbox.Append(end.Encode(Session.Connection.Dialect, Session.Protocol), Session.Connection.Dialect, Session.UserId);
            if (!Session.IsModern)
                PendingList.Of(Session).Add(end);
            outbox.Flush();
            return true;
        }
    }

    /// <summary>No push comes after this. The caller holds the outbox's lock.</summary>
    public void Leave() => _state = State.Left;

    public override void Resume()
    {
        if (_state == State.Behind)
            _state = State.Live;
    }

    /// <summary>Sends a batch to this member. The hot loop of the server.</summary>
    public PushOutcome Push(ReceiverCopies copies)
    {
        var batch = copies.Batch;
        var outbox = Session.Connection.Outbox;
        lock (outbox)
        {
            if (_state != State.Live || batch.LastSeq <= _lastSeq)
                return PushOutcome.Passed;
            var isWhole = batch.FirstSeq > _lastSeq && OwnSeq < batch.FirstSeq;
            var outcome = isWhole ? PushWhole(copies, outbox) : PushSome(batch, outbox);
            _lastSeq = batch.LastSeq;
            // After a member fell behind: a flush that is taken at once tells it so.
            outbox.Flush();
            return outcome;
        }
    }

    private PushOutcome PushWhole(ReceiverCopies copies, Outbox outbox)
    {
        var batch = copies.Batch;
        var bytes = copies.For(Session.UserId, Session.Connection.Dialect, Session.Protocol);
        if (!outbox.HasRoom(bytes.Length))
            return FallBehind(batch);
        outbox.SendLocked(bytes);
        outbox.GrantAcks(batch.Entries.Count);
        if (!Session.IsModern)
            NotePending(batch.Messages);
        return PushOutcome.Pushed;
    }

    /// <summary>Leaves out what the member has already, and what it sent itself.</summary>
    private PushOutcome PushSome(RoomBatch batch, Outbox outbox)
    {
        foreach (var (message, origin, _) in batch.Entries)
        {
            if (message.Seq <= _lastSeq || origin.ConnectionId == Session.Connection.Id)
                continue;
            var encoded = message.Encode(Session.Connection.Dialect, Session.Protocol);
            if (!outbox.HasRoom(encoded.Bytes.Length))
                return FallBehind(batch);
            outbox.Append(encoded, Session.Connection.Dialect, Session.UserId);
            if (!Session.IsModern)
                PendingList.Of(Session).Add(message);
        }

        return PushOutcome.Pushed;
    }

    private void NotePending(IReadOnlyList<StoredMessage> messages)
    {
        var pending = PendingList.Of(Session);
        foreach (var message in messages)
            pending.Add(message);
    }

    private PushOutcome FallBehind(RoomBatch batch)
    {
        _state = State.Behind;
        Session.MarkBehind(batch.Messages[0].Conversation);
        return PushOutcome.Skipped;
    }
}

/// <summary>What came of a push.</summary>
internal enum PushOutcome
{
    /// <summary>In the socket or the outbox.</summary>
    Pushed,

    /// <summary>Nothing to push: joining, or known already.</summary>
    Passed,

    /// <summary>No room for it; the client will be told.</summary>
    Skipped,
}
