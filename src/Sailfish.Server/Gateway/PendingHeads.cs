using System.Collections.Concurrent;
using Sailfish.Server.Gateway.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>Connections on a WebSocket or web port whose request head has not come whole; cut when it takes too long.</summary>
internal sealed class PendingHeads(TimeProvider time)
{
    private readonly ConcurrentDictionary<Transport, long> _since = new();

    private volatile bool _isStopping;

    public void Add(Transport transport)
    {
        _since[transport] = time.GetTimestamp();
        if (_isStopping)
            Cut(transport, "The server stops.");
    }

    public void Remove(Transport transport) => _since.TryRemove(transport, out _);

    /// <summary>Called by the sweeper.</summary>
    public void CutOverdue(TimeSpan limit)
    {
        foreach (var (transport, since) in _since)
        {
            if (time.GetElapsedTime(since) > limit)
                Cut(transport, "The request head did not come in time.");
        }
    }

    /// <summary>
    /// Cuts all, now and from now on: browsers open connections for later use, and the listener would wait for each.
    /// </summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (var (transport, _) in _since)
            Cut(transport, "The server stops.");
    }

    private static void Cut(Transport transport, string reason) => transport.Abort(reason);
}
