namespace Sailfish.Server.Sessions;

/// <summary>
/// Outboxes that were appended to and are flushed together at the end of a batch: many frames, one system call each.
/// Used by one thread.
/// </summary>
internal sealed class FlushSet
{
    private readonly List<Outbox> _outboxes = [];

    public void Add(Outbox.Scope scope)
    {
        if (scope.TryEnterFlushSet() is { } outbox)
            _outboxes.Add(outbox);
    }

    /// <summary>Flushes all. What fails on the way is cut and told at the end: those behind it have nothing to do with it.</summary>
    public void Flush()
    {
        List<Exception>? faults = null;
        foreach (var outbox in _outboxes)
        {
            if (TryFlush(outbox) is { } fault)
                (faults ??= []).Add(fault);
        }

        _outboxes.Clear();
        if (faults is not null)
            throw new AggregateException(faults);
    }

    private static Exception? TryFlush(Outbox outbox)
    {
        using var scope = outbox.EnterScope();
        scope.LeaveFlushSet();
        try
        {
            scope.Flush();
            return null;
        }
#pragma warning disable CA1031 // one connection's fault must not keep receipts and pushes from the others; it is told
        catch (Exception fault)
#pragma warning restore CA1031
        {
            scope.Cut();
            return fault;
        }
    }
}
