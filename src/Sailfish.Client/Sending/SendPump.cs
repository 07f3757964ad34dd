using Sailfish.Client.Transports;

namespace Sailfish.Client.Sending;

/// <summary>Moves pending messages to the connection there is, and stands still while the rate limit asks for it.</summary>
internal sealed class SendPump : IDisposable
{
    private readonly PendingSends _pending;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private Action<OutboundFrame>? _write;
    private bool _paused;

    public SendPump(PendingSends pending, TimeProvider time)
    {
        _pending = pending;
        _timer = time.CreateTimer(static pump => ((SendPump)pump!).Resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends what may go.</summary>
    public void Run()
    {
        lock (_gate)
        {
            if (_write is { } write && !_paused)
                _pending.Pump(send => write(send.Frame));
        }
    }

    /// <summary>A connection is ready: everything without a receipt goes over it. <paramref name="write"/> must not block.</summary>
    public void Attach(Action<OutboundFrame> write)
    {
        lock (_gate)
        {
            _pending.ConnectionLost();
            _write = write;
            _paused = false;
        }

        Run();
    }

    public void Detach()
    {
        lock (_gate)
            _write = null;
    }

    public void Pause(TimeSpan delay)
    {
        lock (_gate)
        {
            _paused = true;
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Resume()
    {
        lock (_gate)
            _paused = false;
        Run();
    }
}
