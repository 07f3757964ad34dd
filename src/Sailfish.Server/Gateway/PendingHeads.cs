using System.Collections.Concurrent;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>Connections on a WebSocket or web port whose request head has not come whole; cut when it takes too long.</summary>
internal sealed class PendingHeads(TimeProvider time)
{
    /// <summary>For those who have no place but to hear so.</summary>
    private static readonly TimeSpan HurriedLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Transport, (long Since, bool IsHurried)> _pending = new();

    private volatile bool _isStopping;

    public void Add(Transport transport, bool isHurried = false)
    {
        _pending[transport] = (time.GetTimestamp(), isHurried);
        if (_isStopping)
            Cut(transport, "The server stops.");
    }

    public void Remove(Transport transport) => _pending.TryRemove(transport, out _);

    /// <summary>Called by the sweeper.</summary>
    public void CutOverdue(TimeSpan limit)
    {
        foreach (var (transport, (since, isHurried)) in _pending)
        {
            if (time.GetElapsedTime(since) > (isHurried && HurriedLimit < limit ? HurriedLimit : limit))
                Cut(transport, "The request head did not come in time.");
        }
    }

    /// <summary>
    /// Cuts all, now and from now on: browsers open connections for later use, and the listener would wait for each.
    /// </summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (var (transport, _) in _pending)
            Cut(transport, "The server stops.");
    }

    private static void Cut(Transport transport, string reason) => transport.Abort(reason);
}
