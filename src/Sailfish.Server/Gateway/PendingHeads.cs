using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Sailfish.Server.Gateway;

/// <summary>Connections on a WebSocket or web port whose request head has not come whole; cut when it takes too long.</summary>
internal sealed class PendingHeads(TimeProvider time)
{
    private readonly ConcurrentDictionary<ConnectionContext, long> _since = new();

    public void Add(ConnectionContext transport) => _since[transport] = time.GetTimestamp();

    public void Remove(ConnectionContext transport) => _since.TryRemove(transport, out _);

    /// <summary>Called by the sweeper.</summary>
    public void CutOverdue(TimeSpan limit)
    {
        foreach (var (transport, since) in _since)
        {
            if (time.GetElapsedTime(since) > limit)
                transport.Abort(new ConnectionAbortedException("The request head did not come in time."));
        }
    }
}
