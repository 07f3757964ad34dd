namespace Sailfish.Client.Connection;

/// <summary>What a connection has to SYNC: gaps first, then the offline messages.</summary>
internal sealed class SyncPlan
{
    private readonly Lock _gate = new();
    private readonly Signal _work = new();
    private readonly Queue<string> _repairs = [];
    private bool _pull;

    public void AddPull()
    {
        lock (_gate)
            _pull = true;
        _work.Set();
    }

    public void AddRepair(string conversation)
    {
        lock (_gate)
        {
            if (!_repairs.Contains(conversation))
                _repairs.Enqueue(conversation);
        }

        _work.Set();
    }

    /// <summary>The next conversation to repair; null stands for the pull.</summary>
    public async ValueTask<string?> TakeAsync(CancellationToken cancellation)
    {
        string? conversation;
        while (!TryTake(out conversation))
            await _work.WaitAsync(cancellation);
        return conversation;
    }

    private bool TryTake(out string? conversation)
    {
        lock (_gate)
        {
            if (_repairs.TryDequeue(out conversation))
                return true;
            var pull = _pull;
            _pull = false;
            return pull;
        }
    }
}
