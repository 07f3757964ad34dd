namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Reads of single rows by their keys, of which many come at once: while one statement is under way, what comes next gathers
/// and is read together by the one after it. So what is given was read after it was asked for, and there is never more than
/// one such statement of a node.
/// </summary>
/// <param name="read">Gives the rows that there are of some keys.</param>
internal sealed class GatheredReads<TKey, TRow>(Func<IReadOnlyCollection<TKey>, Task<IReadOnlyDictionary<TKey, TRow>>> read)
    where TKey : notnull
    where TRow : class
{
    /// <summary>Keys of one statement.</summary>
    private const int MaxKeys = 1000;

    private readonly Lock _lock = new();
    private readonly LinkedList<Dictionary<TKey, TaskCompletionSource<TRow?>>> _waiting = new();
    private bool _isReading;

    /// <summary>Null when there is none. Goes on in a thread of the pool.</summary>
    public Task<TRow?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        Task<TRow?> found;
        lock (_lock)
        {
            found = Join(key).Task;
            if (_isReading)
                return found.WaitAsync(cancellationToken);
            _isReading = true;
        }

        _ = ReadAllAsync();
        return found.WaitAsync(cancellationToken);
    }

    /// <summary>Under the lock: whoever asks for the same waits for the same.</summary>
    private TaskCompletionSource<TRow?> Join(TKey key)
    {
        if (_waiting.Last is not { Value: var next } || (next.Count >= MaxKeys && !next.ContainsKey(key)))
            _waiting.AddLast(next = []);
        if (!next.TryGetValue(key, out var waiting))
            next[key] = waiting = new TaskCompletionSource<TRow?>(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiting;
    }

    private async Task ReadAllAsync()
    {
        while (true)
        {
            Dictionary<TKey, TaskCompletionSource<TRow?>> next;
            lock (_lock)
            {
                if (_waiting.First is not { } first)
                {
                    _isReading = false;
                    return;
                }

                next = first.Value;
                _waiting.RemoveFirst();
            }

            await ReadAsync(next);
        }
    }

    private async Task ReadAsync(Dictionary<TKey, TaskCompletionSource<TRow?>> waiting)
    {
        try
        {
            var rows = await read(waiting.Keys);
            foreach (var (key, found) in waiting)
                found.SetResult(rows.GetValueOrDefault(key));
        }
#pragma warning disable CA1031 // it is thrown where it was asked
        catch (Exception failure)
#pragma warning restore CA1031
        {
            foreach (var found in waiting.Values)
                found.TrySetException(failure);
        }
    }
}
