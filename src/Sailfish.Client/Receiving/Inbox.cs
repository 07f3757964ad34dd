namespace Sailfish.Client.Receiving;

/// <summary>
/// Delivers each conversation in seq order and each message once: holds back what stands beyond a gap, asks for what is
/// missing, and says what may be acknowledged. Does no I/O; its effects go to an <see cref="IInboxSink"/>.
/// </summary>
/// <param name="sink">Where its effects go.</param>
/// <param name="holdLimit">How many messages may wait behind gaps.</param>
/// <param name="conversationLimit">How many conversations are known at a time.</param>
/// <param name="seenLimit">How many msgIds are remembered.</param>
/// <param name="ackWhenRead">Whether a message is acknowledged by <see cref="Confirm"/> instead of by its delivery.</param>
internal sealed class Inbox(
    IInboxSink sink, int holdLimit = 1024, int conversationLimit = 10_000, int seenLimit = 8192, bool ackWhenRead = false)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConversationState> _conversations = new(StringComparer.Ordinal);
    private readonly SeenIds _seen = new(seenLimit);
    private long _touches;
    private int _held;
    private bool _pulling;
    private bool _closed;

    /// <summary>A connection begins, and with it a pull of the offline one-to-one messages; pushes of unknown conversations wait for its end.</summary>
    public void BeginPull()
    {
        lock (_gate)
        {
            _pulling = true;
            foreach (var state in _conversations.Values)
                state.LastAtConnect = state.Last ?? 0;
        }
    }

    /// <summary>Messages of a conversation that is not known yet were skipped: another pull brings them, before what is pushed meanwhile.</summary>
    public void ResumePull()
    {
        lock (_gate)
            _pulling = true;
    }

    /// <summary>
    /// The pull is over. When it is whole, nothing older than what is known is undelivered; when it is not, what is older
    /// may wait on the server still, so that no acknowledgement may cover it.
    /// </summary>
    public void EndPull(bool isWhole = true)
    {
        lock (_gate)
        {
            _pulling = false;
            foreach (var state in _conversations.Values.Where(state => !state.IsRoom))
                EndPull(state, isWhole);
        }
    }

    /// <summary>A message came.</summary>
    public void Arrive(SailfishMessage message, MessageSource source)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (message is not { Conversation: { } conversation, Seq: { } seq })
                ArriveUnnumbered(message);
            else if (Find(conversation) is { } state)
                Arrive(state, seq, message, source);
        }
    }

    /// <summary>The reader has done with the message.</summary>
    public void Confirm(SailfishMessage message)
    {
        if (message is not { Conversation: { } conversation, Seq: { } seq } || conversation.StartsWith("r:", StringComparison.Ordinal))
            return;
        lock (_gate)
        {
            var state = _conversations.GetValueOrDefault(conversation);
            state?.Unconfirmed.Remove(message.MsgId);
            if (state is { Solid: true } && state.Confirmed >= seq)
                sink.AckUpTo(conversation, state.Confirmed);
            else
                sink.AckOne(message.MsgId);
        }
    }

    /// <summary>Takes nothing more: what came until now has had its ack, what comes stays on the server.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>An own message was stored at a seq, which is no gap then.</summary>
    public void Receipt(Receipt receipt)
    {
        lock (_gate)
        {
            _seen.Add(receipt.MsgId);
            if (Find(receipt.Conversation) is { } state)
                Arrive(state, receipt.Seq, null, MessageSource.Push);
        }
    }

    /// <summary>A JOIN is under way: what the room pushes waits for its answer.</summary>
    public void ExpectRoom(string conversation)
    {
        lock (_gate)
            _conversations.TryAdd(conversation, new ConversationState(conversation));
    }

    /// <summary>A JOIN was answered; <paramref name="history"/> messages up to <paramref name="newest"/> follow.</summary>
    public void JoinRoom(string conversation, long newest, int history)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var state))
                _conversations[conversation] = state = new ConversationState(conversation);
            JoinRoom(state, newest, history);
        }
    }

    /// <summary>The room was left. What waits for a gap is delivered, for the gap cannot be filled any more.</summary>
    public void LeaveRoom(string conversation)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var state))
                return;
            while (state.Last is not null && state.Held.Count > 0 && TrySkipGap(state))
            {
            }

            if (state.Held.Count > 0)
                sink.Gap(conversation, state.Last + 1, state.Newest);
            _held -= state.Held.Count;
            _conversations.Remove(conversation);
        }
    }

    /// <summary>The server skipped messages of a conversation; gives whether a SYNC of it can be asked for.</summary>
    public bool Behind(string conversation)
    {
        lock (_gate)
        {
            return _conversations.TryGetValue(conversation, out var state)
                && state.Last is not null
                && (state.IsSuspect = true);
        }
    }

    /// <summary>The seq to SYNC a conversation after; null when there is nothing to ask for.</summary>
    public long? SyncAfter(string conversation)
    {
        lock (_gate)
        {
            return _conversations.TryGetValue(conversation, out var state) && (state.IsBehind || state.IsSuspect)
                ? state.Last
                : null;
        }
    }

    /// <summary>The server has nothing of the conversation before <paramref name="firstSeq"/>.</summary>
    public void Truncate(string conversation, long firstSeq)
    {
        lock (_gate)
        {
            if (Find(conversation) is not { } state || firstSeq - 1 <= (state.Last ?? 0))
                return;
            sink.Gap(conversation, state.Last + 1, firstSeq - 1);
            JumpTo(state, firstSeq - 1);
        }
    }

    /// <summary>A SYNC of the conversation was answered, and there is no more.</summary>
    public RepairOutcome Settle(string conversation)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var state))
                return RepairOutcome.Whole;
            state.IsSuspect = false;
            return state.IsBehind ? RepairOutcome.Missing : RepairOutcome.Whole;
        }
    }

    /// <summary>What is missing is not to be had: goes on behind it.</summary>
    public void GiveUp(string conversation)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var state) || !state.IsBehind)
                return;
            TrySkipGap(state);
            if (state.IsBehind)
                sink.NeedSync(conversation);
        }
    }

    private void EndPull(ConversationState state, bool isWhole)
    {
        state.OpenedByPull = false;
        if (state.Last is null && state.Oldest > 0)
            state.Start(state.Oldest - 1, isWhole);
        state.Solid |= isWhole;
        Drain(state);
        if (state.Last is not null && state.IsBehind)
            sink.NeedSync(state.Name);
    }

    private void ArriveUnnumbered(SailfishMessage message)
    {
        if (_seen.Contains(message.MsgId))
            return;
        if (sink.TryDeliver(message))
            _seen.Add(message.MsgId);
        else
            sink.Gap(null, null, null);
    }

    private void Arrive(ConversationState state, long seq, SailfishMessage? message, MessageSource source)
    {
        state.Saw(seq);
        if (state.Last is null && !TryStart(state, seq, source))
            Hold(state, seq, message);
        else if (seq <= state.Last)
            ArriveLate(state, seq, message);
        else if (seq == state.Last + 1 || IsLoose(state, seq, source))
            DeliverAndDrain(state, seq, message);
        else
            HoldForGap(state, seq, message, source);
    }

    private bool TryStart(ConversationState state, long seq, MessageSource source)
    {
        if (state.IsRoom || (_pulling && source == MessageSource.Push))
            return false;
        state.Start(seq - 1, solid: source == MessageSource.Pull);
        state.OpenedByPull = source == MessageSource.Pull;
        return true;
    }

    private static bool IsLoose(ConversationState state, long seq, MessageSource source) =>
        seq <= state.LooseUpTo || (source == MessageSource.Pull && state.OpenedByPull);

    private void HoldForGap(ConversationState state, long seq, SailfishMessage? message, MessageSource source)
    {
        Hold(state, seq, message);
        // The pull under way brings what pushed one-to-one messages lack; its end looks after the rest.
        if (state.IsRoom || !_pulling || source != MessageSource.Push)
            sink.NeedSync(state.Name);
    }

    private void Hold(ConversationState state, long seq, SailfishMessage? message)
    {
        // What does not fit is pulled again later: its seq is known.
        if (_held < holdLimit && state.Held.TryAdd(seq, message))
            _held++;
    }

    /// <summary>At or before what was delivered: a second copy, unless it is older than this client's knowledge.</summary>
    private void ArriveLate(ConversationState state, long seq, SailfishMessage? message)
    {
        if (message is null)
            return;
        if (seq <= state.Floor && !_seen.Contains(message.MsgId))
            DeliverLate(state, message);
        else if (!state.IsRoom)
            Ack(state, message);
    }

    private void DeliverLate(ConversationState state, SailfishMessage message)
    {
        if (!sink.TryDeliver(message))
        {
            Rewind(state, message.Seq!.Value);
            return;
        }

        _seen.Add(message.MsgId);
        if (state.IsRoom)
            return;
        if (ackWhenRead)
            state.Unconfirmed[message.MsgId] = message.Seq!.Value;
        else
            sink.AckOne(message.MsgId);
    }

    /// <summary>Begins before a message that there was no room for; what was delivered behind it is known by its msgId.</summary>
    private void Rewind(ConversationState state, long seq)
    {
        if (state.IsRoom)
        {
            sink.Gap(state.Name, seq, seq);
            return;
        }

        state.Start(seq - 1, state.Solid);
        sink.NeedSync(state.Name);
    }

    private void DeliverAndDrain(ConversationState state, long seq, SailfishMessage? message)
    {
        if (TryDeliver(state, seq, message))
            Drain(state);
    }

    private bool TryDeliver(ConversationState state, long seq, SailfishMessage? message)
    {
        var isNew = message is not null && (state.IsRoom || !_seen.Contains(message.MsgId));
        if (isNew && !sink.TryDeliver(message!))
        {
            // From here on a jump is a gap: what was just refused has to be pulled.
            state.LooseUpTo = 0;
            state.OpenedByPull = false;
            sink.NeedSync(state.Name);
            return false;
        }

        state.Advance(seq);
        if (message is not null)
            Delivered(state, message, isNew);
        return true;
    }

    private void Delivered(ConversationState state, SailfishMessage message, bool isNew)
    {
        _seen.Add(message.MsgId);
        if (state.IsRoom)
            return;
        if (isNew && ackWhenRead)
            state.Unconfirmed[message.MsgId] = message.Seq!.Value;
        Ack(state, message);
    }

    private void Ack(ConversationState state, SailfishMessage message)
    {
        if (state.Unconfirmed.ContainsKey(message.MsgId))
            return;
        if (ackWhenRead)
            Confirm(message);
        else if (state.Solid)
            sink.AckUpTo(state.Name, state.Last!.Value);
        else
            sink.AckOne(message.MsgId);
    }

    /// <summary>Delivers what waits and has no gap before it any more.</summary>
    private void Drain(ConversationState state)
    {
        while (state.Last is { } last && state.Held.Count > 0)
        {
            var (seq, message) = state.Held.First();
            if (seq > last + 1 || (seq == last + 1 && !TryDeliver(state, seq, message)))
                return;
            Unhold(state, seq);
            if (seq <= last)
                ArriveLate(state, seq, message);
        }
    }

    private void Unhold(ConversationState state, long seq)
    {
        state.Held.Remove(seq);
        _held--;
    }

    private void JoinRoom(ConversationState state, long newest, int history)
    {
        if (newest < state.LastAtConnect)
            Clear(state, newest);
        state.Saw(newest);
        if (state.Last is null)
        {
            state.Start(Math.Max(0, newest - history), solid: false);
            state.LooseUpTo = newest;
            Drain(state);
        }
        else if (state.IsBehind)
        {
            sink.NeedSync(state.Name);
        }
    }

    private void Clear(ConversationState state, long last)
    {
        _held -= state.Held.Count;
        state.Held.Clear();
        state.Restart(last);
    }

    /// <summary>Goes on with the first message behind the gap; false when there is no room for it.</summary>
    private bool TrySkipGap(ConversationState state)
    {
        var before = state.Last;
        var next = state.Held.Count > 0 ? state.Held.First().Key - 1 : state.Newest;
        if (next > before)
        {
            sink.Gap(state.Name, before + 1, next);
            state.Skip(next);
            Drain(state);
        }
        else
        {
            Drain(state);
        }

        return state.Last > before;
    }

    private void JumpTo(ConversationState state, long last)
    {
        if (state.Last is null)
            state.Start(last, solid: true);
        else
            state.Advance(last);
        Drain(state);
    }

    /// <summary>A room that was not joined is not known; a one-to-one conversation becomes known by its first message.</summary>
    private ConversationState? Find(string conversation)
    {
        if (!_conversations.TryGetValue(conversation, out var state))
        {
            if (conversation.StartsWith("r:", StringComparison.Ordinal))
                return null;
            MakeRoom();
            _conversations[conversation] = state = new ConversationState(conversation);
        }

        state.Touched = ++_touches;
        return state;
    }

    /// <summary>Forgets the tenth of the one-to-one conversations that was quiet longest, when there are too many.</summary>
    private void MakeRoom()
    {
        if (_conversations.Count < conversationLimit)
            return;
        var quiet = _conversations.Values
            .Where(state => !state.IsRoom && state.Held.Count == 0 && !state.IsBehind && state.Unconfirmed.Count == 0)
            .OrderBy(state => state.Touched)
            .Take(Math.Max(1, conversationLimit / 10))
            .ToList();
        foreach (var state in quiet)
            _conversations.Remove(state.Name);
    }
}
