using System.Collections.Concurrent;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Sockets that still send what is left for a peer that may never read it. Those that have not ended in time are cut.
/// </summary>
internal sealed class ClosingConnections(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly ConcurrentQueue<(Transport Transport, long Since)> _closing = new();

    public void Watch(Transport transport)
    {
        if (!transport.IsEnded)
            _closing.Enqueue((transport, time.GetTimestamp()));
    }

    /// <summary>Called by the sweeper.</summary>
    public void CutOverdue()
    {
        while (_closing.TryPeek(out var first) && (first.Transport.IsEnded || time.GetElapsedTime(first.Since) > Limit))
        {
            _closing.TryDequeue(out _);
            if (!first.Transport.IsEnded)
                first.Transport.Abort("The peer did not read what was left.");
        }
    }
}
