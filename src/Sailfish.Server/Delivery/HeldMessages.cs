namespace Sailfish.Server.Delivery;

/// <summary>
/// Messages of a conversation that came before others of lower seqs, in the order of their seqs. There are never many: beyond
/// <see cref="MaxCount"/> and <see cref="MaxBytes"/> they are in the log, where they were read from or will be.
/// </summary>
internal sealed class HeldMessages
{
    public const int MaxCount = 1024;
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly SortedDictionary<long, HeldMessage> _messages = [];

    public int Count => _messages.Count;

    public long Bytes { get; private set; }

    /// <summary>The lowest seq; there must be one.</summary>
    public long FirstSeq => _messages.First().Key;

    /// <summary>The highest seq; 0 when there is none.</summary>
    public long LastSeq { get; private set; }

    /// <summary>When the one that came first came, as a timestamp; never, when there is none.</summary>
    public long OldestAt => _messages.Count > 0 ? _messages.Values.Min(m => m.At) : long.MaxValue;

    /// <summary>Adds a message; false when there are too many. One that is here already is kept once.</summary>
    public bool TryAdd(in CommittedMessage committed, long at)
    {
        var isFull = _messages.Count >= MaxCount || Bytes + committed.Message.Size > MaxBytes;
        // The end of a room says more than its row in the log.
        if (isFull && !committed.Closes && !_messages.ContainsKey(committed.Message.Seq))
            return false;
        Add(committed, at);
        return true;
    }

    /// <summary>Adds a message, also when there are too many: it goes on at once.</summary>
    public void Add(in CommittedMessage committed, long at)
    {
        var seq = committed.Message.Seq;
        if (_messages.TryGetValue(seq, out var known))
        {
            _messages[seq] = known with { Committed = Merge(known.Committed, committed) };
            return;
        }

        _messages.Add(seq, new HeldMessage(committed, at));
        Bytes += committed.Message.Size;
        LastSeq = Math.Max(LastSeq, seq);
    }

    /// <summary>Takes out the one of the lowest seq.</summary>
    public bool TryTake(out CommittedMessage committed)
    {
        committed = default;
        if (_messages.Count == 0)
            return false;
        committed = _messages.First().Value.Committed;
        _messages.Remove(committed.Message.Seq);
        Bytes -= committed.Message.Size;
        if (_messages.Count == 0)
            LastSeq = 0;
        return true;
    }

    /// <summary>The same message from the log of this machine knows which connection is not to get it; from elsewhere it does not.</summary>
    private static CommittedMessage Merge(in CommittedMessage one, in CommittedMessage other)
    {
        var isOther = other.Origin != default || other.Place != default;
        (isOther ? one : other).Place.GiveBack();
        return (isOther ? other : one) with { Closes = one.Closes || other.Closes };
    }

    private readonly record struct HeldMessage(CommittedMessage Committed, long At);
}
