using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Sailfish.Server.Storage;

/// <summary>
/// What waits to be written, in the order in which it came, for one thread that takes it. When it is full, whoever adds to it
/// waits: so back-pressure reaches senders.
/// </summary>
internal sealed class JobQueue<TJob>(int length) : IDisposable
{
    private readonly Channel<TJob> _jobs = Channel.CreateBounded<TJob>(new BoundedChannelOptions(length) { SingleReader = true });

    /// <summary>Set when a job comes while the thread sleeps.</summary>
    private readonly AutoResetEvent _wake = new(false);
    private int _isAsleep;

    /// <summary>Waits while the queue is full.</summary>
    public ValueTask AddAsync(TJob job, CancellationToken cancellationToken)
    {
        var added = _jobs.Writer.WriteAsync(job, cancellationToken);
        Wake();
        return added;
    }

    /// <summary>No more come.</summary>
    public void Close()
    {
        _jobs.Writer.TryComplete();
        Wake();
    }

    public bool TryPeek([MaybeNullWhen(false)] out TJob job) => _jobs.Reader.TryPeek(out job);

    public bool TryTake([MaybeNullWhen(false)] out TJob job) => _jobs.Reader.TryRead(out job);

    /// <summary>False when no more come. Without the turns that waiting for a task spins: on a small machine others need them.</summary>
    public bool WaitForJobs()
    {
        while (!_jobs.Reader.TryPeek(out _))
        {
            if (_jobs.Reader.Completion.IsCompleted)
                return false;
            // Said before the last look: whoever adds a job after it sees it.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (!_jobs.Reader.TryPeek(out _) && !_jobs.Reader.Completion.IsCompleted)
                _wake.WaitOne();
            Interlocked.Exchange(ref _isAsleep, 0);
        }

        return true;
    }

    public void Dispose() => _wake.Dispose();

    private void Wake()
    {
        if (Interlocked.CompareExchange(ref _isAsleep, 0, 1) == 1)
            _wake.Set();
    }
}
