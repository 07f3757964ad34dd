namespace Sailfish.Client.Connection;

/// <summary>Where those wait who need a connection.</summary>
internal sealed class OnlineGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<Session> _session = Make();

    /// <summary>The connection there is; null while there is none.</summary>
    public Session? Current
    {
        get
        {
            lock (_gate)
                return _session.Task.IsCompletedSuccessfully ? _session.Task.Result : null;
        }
    }

    public async Task<Session> WaitAsync(CancellationToken cancellation)
    {
        Task<Session> session;
        lock (_gate)
            session = _session.Task;
        return await session.WaitAsync(cancellation);
    }

    public void Open(Session session)
    {
        lock (_gate)
            _session.TrySetResult(session);
    }

    /// <summary>The connection is gone; who comes now waits for the next.</summary>
    public void Reset(Session lost)
    {
        lock (_gate)
        {
            if (_session.Task.IsCompletedSuccessfully && _session.Task.Result == lost)
                _session = Make();
        }
    }

    /// <summary>There will be no further connection.</summary>
    public void Close(SailfishException cause)
    {
        lock (_gate)
        {
            if (!_session.TrySetException(cause))
            {
                _session = Make();
                _session.SetException(cause);
            }

            // Nobody need be waiting.
            _ = _session.Task.Exception;
        }
    }

    private static TaskCompletionSource<Session> Make() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
