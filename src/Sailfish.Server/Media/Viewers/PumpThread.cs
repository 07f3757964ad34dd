using System.Collections.Concurrent;

namespace Sailfish.Server.Media.Viewers;

/// <summary>One thread that pushes groups of viewers, in the order in which there was something for them.</summary>
internal sealed class PumpThread : IDisposable
{
    private readonly BlockingCollection<ViewerGroup> _waiting = [];
    private readonly ILogger _logger;
    private readonly Thread _thread;

    public PumpThread(int number, ILogger logger)
    {
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = $"media {number}" };
        _thread.Start();
    }

    public void Add(ViewerGroup group)
    {
        if (!_waiting.IsAddingCompleted)
            _waiting.TryAdd(group);
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        foreach (var group in _waiting.GetConsumingEnumerable())
        {
            try
            {
                group.Push();
            }
#pragma warning disable CA1031 // one viewer's fault must not end the thread that all others live by
            catch (Exception fault)
#pragma warning restore CA1031
            {
                MediaLog.PushFailed(_logger, fault);
            }
        }
    }
}
