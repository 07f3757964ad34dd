namespace Sailfish.Server.Cluster;

/// <summary>A question that waits for its answers.</summary>
internal sealed class PendingCall(long number, IEnumerable<long> nodes)
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _missing = [.. nodes];
    private readonly List<NodeAnswer> _answers = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number => number;

    /// <summary>All who were asked have answered, or cannot.</summary>
    public Task Done => _done.Task;

    /// <summary>Those that have come so far, one of each node.</summary>
    public IReadOnlyList<NodeAnswer> Answers
    {
        get
        {
            lock (_lock)
                return [.. _answers];
        }
    }

    public void Take(long node, ReadOnlyMemory<byte> answer)
    {
        lock (_lock)
        {
            if (!_missing.Remove(node))
                return;
            _answers.Add(new NodeAnswer(node, answer));
            EndIfComplete();
        }
    }

    /// <summary>The node gives no answer.</summary>
    public void Miss(long node)
    {
        lock (_lock)
        {
            _missing.Remove(node);
            EndIfComplete();
        }
    }

    private void EndIfComplete()
    {
        if (_missing.Count == 0)
            _done.TrySetResult();
    }
}
