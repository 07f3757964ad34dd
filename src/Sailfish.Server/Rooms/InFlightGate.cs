namespace Sailfish.Server.Rooms;

/// <summary>Counts what is on its way and makes those who bring more wait: back-pressure for one room.</summary>
internal sealed class InFlightGate(int limit)
{
    // Those who wait are not counted: were they, more of them than the limit would wait for one another for ever.
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _count;

    /// <summary>Completes when the caller may pass; it is counted in then.</summary>
    public Task EnterAsync()
    {
        lock (this)
        {
            if (_count < limit)
            {
                _count++;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    /// <summary>Counts <paramref name="count"/> out, and lets in as many as fit, the first first.</summary>
    public void Leave(int count)
    {
        lock (this)
        {
            _count -= count;
            while (_count < limit && _waiting.TryDequeue(out var turn))
            {
                _count++;
                turn.SetResult();
            }
        }
    }
}
