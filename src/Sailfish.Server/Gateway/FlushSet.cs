namespace Sailfish.Server.Gateway;

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

    public void Flush()
    {
        foreach (var outbox in _outboxes)
        {
            lock (outbox)
            {
                outbox.IsInFlushSet = false;
                outbox.Flush();
            }
        }

        _outboxes.Clear();
    }
}
