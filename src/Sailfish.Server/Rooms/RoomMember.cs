using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>
/// A session in a room, and how far it was given the room's messages. Whatever is done here is done under the outbox's lock:
/// what a member was given and what stands in its outbox must not differ.
/// </summary>
internal sealed class RoomMember(Session session, Room room, IRoomStates? states = null) : Membership
{
    private State _state = State.CatchingUp;
    private long _lastSeq;

    /// <summary>The newest seq that the join wrote.</summary>
    private long _givenSeq;

    /// <summary>The newest seq in the batch under way that this member sent itself; the pump's.</summary>
    private long _ownSeq;

    /// <summary>Seqs that the pump passed by while the member joined, and that it sent itself before.</summary>
    private List<long>? _ownPassed;

    /// <summary>The JOIN was answered: what has changed of the room's state since is told.</summary>
    private bool _isAnswered;

    /// <summary>A change of the room's state found no room while the member joined.</summary>
    private bool _missedState;

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

    /// <summary>The user was not in the room before, through this node.</summary>
    public bool IsUsersFirst { get; set; }

    /// <summary>Where the member stands in its segment; the room's.</summary>
    public int Index { get; set; }

    /// <summary>The segment; the room's.</summary>
    public RoomSegment? Segment { get; set; }

    /// <summary>A message of the next batch came from this connection. Called by the pump before it announces the batch.</summary>
    public void NoteOwn(long seq)
    {
        _ownSeq = seq;
        // Nobody begins to catch up again: who does not now needs no note.
        if (_state != State.CatchingUp)
            return;
        using var scope = Session.EnterScope();
        (_ownPassed ??= []).Add(seq);
    }

    /// <summary>Answers the JOIN; false when the member has left.</summary>
    /// <param name="answer">Null when the JOIN was answered by another frame.</param>
    public bool TryAnswer(RoomReply? answer)
    {
        using var scope = Session.EnterScope();
        if (_state == State.Left)
            return false;
        // Here, and not before: each change that this does not show is told after it.
        if (answer is not null && Session.HasState && states is not null)
            answer = states.Describe(Room.Key, answer, Session.Identity);
        if (answer is not null)
            scope.Append(FrameCode.Join, answer, BodyJson.Wire.RoomReply);
        _isAnswered = true;
        scope.Outbox.Flush();
        return true;
    }

    /// <summary>Writes what the join read, but nothing of the member's own; false when the member has left.</summary>
    public bool TryGive(IEnumerable<StoredMessage> messages, bool isHistory)
    {
        using var scope = Session.EnterScope();
        if (_state == State.Left)
            return false;
        foreach (var message in messages)
        {
            _givenSeq = message.Seq;
            if (isHistory || _ownPassed?.Contains(message.Seq) != true)
                scope.Append(Session.Encode(message));
        }

        scope.Outbox.Flush();
        return true;
    }

    /// <summary>Ends catching up at <paramref name="seq"/>, unless more was pumped meanwhile.</summary>
    public bool TryGoLive(long seq)
    {
        using var scope = Session.EnterScope();
        // The pump announces a batch before it visits members: what it announced, it may have passed by here.
        if (Room.PumpedSeq > seq)
            return false;
        _lastSeq = seq;
        if (_state == State.CatchingUp)
            _state = State.Live;
        if (_missedState)
        {
            TellWhole(scope);
            scope.Outbox.Flush();
        }

        return true;
    }

    /// <summary>Ends catching up at <paramref name="seq"/> without the rest, which SYNC brings, when the member reads too slowly for it.</summary>
    public bool TryFallBehind(long seq)
    {
        using var scope = Session.EnterScope();
        // At the end of a room the pump leaves it to the join to tell it.
        if (!Session.Connection.Outbox.IsCrowded || _state != State.CatchingUp || Room.IsEnding)
            return false;
        (_lastSeq, _state) = (seq, State.Behind);
        scope.MarkBehind(Room.Conversation);
        return true;
    }

    /// <summary>
    /// The pump goes on after <paramref name="seq"/> without what is before it: SYNC brings that. False when this member does not
    /// miss it.
    /// </summary>
    public bool Skip(long seq)
    {
        using var scope = Session.EnterScope();
        if (_state != State.Live || seq <= _lastSeq)
            return false;
        _lastSeq = seq;
        FallBehind(scope);
        scope.TellBehind();
        return true;
    }

    /// <summary>Something that stands outside the room's seqs: told if there is room for it.</summary>
    public void Announce(EncodedMessage message)
    {
        using var scope = Session.EnterScope();
        if (_state != State.Left && scope.TryAppend(message))
            scope.Outbox.Flush();
    }

    /// <summary>
    /// What has changed of the room's state. Where there is no room for it, the member is behind as with a message: when the
    /// socket takes bytes again, it is told the whole.
    /// </summary>
    public void AnnounceState(EncodedMessage change)
    {
        using var scope = Session.EnterScope();
        if (!_isAnswered || _state is State.Left or State.Behind)
            return;
        if (!scope.TryAppend(change))
        {
            if (_state == State.Live)
                FallBehind(scope);
            else
                _missedState = true;
        }

        // After it fell behind, too: a flush that is taken at once tells it so.
        scope.Outbox.Flush();
    }

    /// <summary>
    /// Tells the end of the room, whatever waits: it is one frame. False when the member has left, or joins: then the join
    /// comes to the end by itself.
    /// </summary>
    public bool TryEnd(StoredMessage end)
    {
        using var scope = Session.EnterScope();
        if (_state is State.Left or State.CatchingUp)
            return false;
        _state = State.Left;
        if (_givenSeq >= end.Seq)
            return true;
        scope.Append(Session.Encode(end));
        if (!Session.IsModern)
            scope.AddPending(end);
        scope.Outbox.Flush();
        return true;
    }

    /// <summary>No push comes after this.</summary>
    public void Leave()
    {
        using var scope = Session.EnterScope();
        _state = State.Left;
    }

    public override void Resume(Session.Scope scope)
    {
        if (_state != State.Behind)
            return;
        _state = State.Live;
        if (Session.HasState)
            TellWhole(scope);
    }

    /// <summary>Sends a batch to this member. The hot loop of the server.</summary>
    public PushOutcome Push(ReceiverCopies copies)
    {
        var batch = copies.Batch;
        using var scope = Session.EnterScope();
        if (_state != State.Live || batch.LastSeq <= _lastSeq)
            return PushOutcome.Passed;
        var isWhole = batch.FirstSeq > _lastSeq && _ownSeq < batch.FirstSeq;
        var outcome = isWhole ? PushWhole(scope, copies) : PushSome(scope, batch);
        _lastSeq = batch.LastSeq;
        // After a member fell behind: a flush that is taken at once tells it so.
        scope.Outbox.Flush();
        return outcome;
    }

    private PushOutcome PushWhole(Session.Scope scope, ReceiverCopies copies)
    {
        var batch = copies.Batch;
        var bytes = copies.For(Session.UserId, Session.Connection.Dialect, Session.Protocol);
        if (!scope.Outbox.HasRoom(bytes.Length))
            return FallBehind(scope);
        scope.Outbox.Send(bytes);
        scope.Outbox.GrantAcks(batch.Entries.Count);
        if (!Session.IsModern)
        {
            foreach (var message in batch.Messages)
                scope.AddPending(message);
        }

        return PushOutcome.Pushed;
    }

    /// <summary>Leaves out what the member has already, and what it sent itself.</summary>
    private PushOutcome PushSome(Session.Scope scope, RoomBatch batch)
    {
        foreach (var (message, origin, _) in batch.Entries)
        {
            if (message.Seq <= _lastSeq || origin.ConnectionId == Session.Connection.Id)
                continue;
            if (!scope.TryAppend(Session.Encode(message)))
                return FallBehind(scope);
            if (!Session.IsModern)
                scope.AddPending(message);
        }

        return PushOutcome.Pushed;
    }

    private void TellWhole(Session.Scope scope)
    {
        _missedState = false;
        if (states?.Whole(Room.Key) is { } whole)
            scope.Append(whole.Encode(Session));
    }

    private PushOutcome FallBehind(Session.Scope scope)
    {
        _state = State.Behind;
        scope.MarkBehind(Room.Conversation);
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
