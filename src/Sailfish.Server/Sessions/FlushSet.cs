namespace Sailfish.Server.Sessions;

/// <summary>
/// Outboxes that were appended to and are flushed together at the end of a batch: many frames, one system call each.
/// Used by one thread.
/// </summary>
internal sealed class FlushSet
{
    private readonly List<Outbox> _outboxes = [];

    /// <summary>The caller holds the outbox's lock.</summary>
    public void Add(Outbox outbox)
    {
        if (outbox.IsInFlushSet)
            return;
        outbox.IsInFlushSet = true;
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
        lock (outbox)
        {
            outbox.IsInFlushSet = false;
            try
            {
                outbox.Flush();
                return null;
            }
#pragma warning disable CA1031 // one connection's fault must not keep receipts and pushes from the others; it is told
            catch (Exception fault)
#pragma warning restore CA1031
            {
                outbox.Cut();
                return fault;
            }
        }
    }
}
