using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>
/// What one user has acked of one one-to-one conversation: everything up to a seq, and single ones beyond it.
/// Guarded by its own lock.
/// </summary>
internal sealed class AckState(long userId, long conversationId) : IPositionUpdate
{
    /// <summary>Runs of acked seqs beyond the position; more holes than this cost a message that comes twice.</summary>
    private const int MaxRuns = 1024;

    private readonly List<(long From, long To)> _runs = [];

    public long UserId { get; } = userId;

    public long ConversationId { get; } = conversationId;

    /// <summary>All up to here is acked, as far as is known without the store.</summary>
    public long UpTo { get; private set; }

    public bool HasRuns => _runs.Count > 0;

    /// <summary>Changed since it was last saved, and listed to be.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Listed among those that are kept for their holes.</summary>
    public bool IsKept { get; set; }

    /// <summary>Left the table: changes would be lost.</summary>
    public bool IsGone { get; set; }

    public bool IsAcked(long seq) => NextUnacked(seq - 1).From != seq;

    /// <summary>The next hole after a seq: where it begins, and its last seq, which is no seq at all behind the last run.</summary>
    public (long From, long To) NextUnacked(long after)
    {
        var from = Math.Max(after, UpTo) + 1;
        var next = FirstThatReaches(from);
        if (next < _runs.Count && _runs[next].From <= from)
            from = _runs[next++].To + 1;
        return (from, next < _runs.Count ? _runs[next].From - 1 : long.MaxValue);
    }

    /// <summary>True when it said something new.</summary>
    public bool Mark(long from, long to)
    {
        if (to <= UpTo)
            return false;
        // The runs that it overlaps or touches become one.
        var first = FirstThatReaches(from - 1);
        var end = first;
        while (end < _runs.Count && _runs[end].From <= to + 1)
            end++;
        if (end == first + 1 && _runs[first].From <= from && to <= _runs[first].To)
            return false;
        if (end == first && _runs.Count >= MaxRuns && from > UpTo + 1)
            return false;
        var run = end == first ? (from, to) : (Math.Min(from, _runs[first].From), Math.Max(to, _runs[end - 1].To));
        _runs.RemoveRange(first, end - first);
        _runs.Insert(first, run);
        Advance();
        return true;
    }

    /// <summary>True when it said something new.</summary>
    public bool MarkUpTo(long seq)
    {
        if (seq <= UpTo)
            return false;
        UpTo = seq;
        Advance();
        return true;
    }

    public long Merge(long storedSeq)
    {
        lock (this)
        {
            UpTo = Math.Max(UpTo, storedSeq);
            Advance();
            return UpTo;
        }
    }

    /// <summary>The first run that ends at a seq or behind it.</summary>
    private int FirstThatReaches(long seq)
    {
        var index = 0;
        while (index < _runs.Count && _runs[index].To < seq)
            index++;
        return index;
    }

    /// <summary>Swallows the runs that the position has reached.</summary>
    private void Advance()
    {
        while (_runs.Count > 0 && _runs[0].From <= UpTo + 1)
        {
            UpTo = Math.Max(UpTo, _runs[0].To);
            _runs.RemoveAt(0);
        }
    }
}
