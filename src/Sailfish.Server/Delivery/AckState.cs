using Sailfish.Server.Messaging;

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

    /// <summary>Changed since it was last saved.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Left the table: changes would be lost.</summary>
    public bool IsGone { get; set; }

    public bool IsAcked(long seq) => seq <= UpTo || _runs.Exists(r => r.From <= seq && seq <= r.To);

    public void Mark(long seq)
    {
        if (IsAcked(seq))
            return;
        IsDirty = true;
        var index = _runs.FindLastIndex(r => r.From < seq) + 1;
        if (index > 0 && _runs[index - 1].To == seq - 1)
            _runs[index - 1] = (_runs[index - 1].From, seq);
        else if (index < _runs.Count && _runs[index].From == seq + 1)
            _runs[index] = (seq, _runs[index].To);
        else if (_runs.Count < MaxRuns)
            _runs.Insert(index, (seq, seq));
        if (index > 0 && index < _runs.Count && _runs[index - 1].To == _runs[index].From - 1)
        {
            _runs[index - 1] = (_runs[index - 1].From, _runs[index].To);
            _runs.RemoveAt(index);
        }

        Advance();
    }

    public void MarkUpTo(long seq)
    {
        if (seq <= UpTo)
            return;
        IsDirty = true;
        UpTo = seq;
        Advance();
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
