namespace Sailfish.Server.Rooms;

/// <summary>Counts what is on its way and makes those who bring more wait: back-pressure for one room.</summary>
internal sealed class InFlightGate(int limit)
{
    private int _count;
    private TaskCompletionSource? _opened;

    /// <summary>Counts one in, and completes when it may pass.</summary>
    public Task EnterAsync()
    {
        if (Interlocked.Increment(ref _count) <= limit)
            return Task.CompletedTask;
        lock (this)
        {
            if (Volatile.Read(ref _count) <= limit)
                return Task.CompletedTask;
            _opened ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _opened.Task;
        }
    }

    /// <summary>Counts <paramref name="count"/> out.</summary>
    public void Leave(int count)
    {
        if (Interlocked.Add(ref _count, -count) > limit)
            return;
        lock (this)
        {
            _opened?.TrySetResult();
            _opened = null;
        }
    }
}
