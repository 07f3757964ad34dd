namespace Sailfish.Server.Delivery;

/// <summary>How far a one-to-one conversation was delivered on this node.</summary>
internal sealed class DirectRun(long conversationId)
{
    /// <summary>Late ones that are remembered, so that each is told once; of more, they are told again.</summary>
    private const int MaxLate = 1024;

    private HashSet<long>? _late;
    private bool _hasToldBehind;

    public long ConversationId => conversationId;

    /// <summary>The seq that comes next; 0 while it is not known where the run begins.</summary>
    public long NextSeq { get; set; }

    /// <summary>Where it began: what is before it was not delivered by this run.</summary>
    public long Floor { get; private set; }

    /// <summary>What it waits for; null when nothing is missing.</summary>
    public DirectGap? Gap { get; set; }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>Its place among all runs by age (<see cref="DirectRuns"/>).</summary>
    public LinkedListNode<DirectRun>? Place { get; set; }

    /// <summary>
    /// Once: all that is late was committed before the run began, and who has been told since then finds all of it in the log.
    /// </summary>
    public bool TryTellBehind() => !_hasToldBehind && (_hasToldBehind = true);

    public void BeginAt(long seq) => (NextSeq, Floor) = (seq, seq);

    /// <summary>Whether a seq that is past is one that was not delivered here. That is so once.</summary>
    public bool IsLate(long seq)
    {
        if (seq >= Floor)
            return false;
        _late ??= [];
        if (_late.Count >= MaxLate)
            _late.Clear();
        if (!_late.Add(seq))
            return false;
        while (_late.Remove(Floor - 1))
            Floor--;
        return true;
    }
}
