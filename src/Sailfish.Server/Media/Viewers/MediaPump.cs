namespace Sailfish.Server.Media.Viewers;

/// <summary>
/// The threads that send pictures: their own, one for two cores, so that a crowd of viewers never holds the threads of the
/// sockets' events, nor all cores.
/// </summary>
internal sealed class MediaPump : IDisposable
{
    private readonly PumpThread[] _threads;
    private int _next;

    public MediaPump(ILogger<MediaPump> logger) =>
        _threads = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(number => new PumpThread(number, logger))];

    /// <summary>By turns.</summary>
    public PumpThread NextThread() => _threads[(uint)Interlocked.Increment(ref _next) % _threads.Length];

    public void Dispose()
    {
        foreach (var thread in _threads)
            thread.Dispose();
    }
}
