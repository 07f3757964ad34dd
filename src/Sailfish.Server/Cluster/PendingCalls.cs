using System.Collections.Concurrent;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>The questions of this node that wait for answers.</summary>
internal sealed class PendingCalls
{
    /// <summary>Questions that may wait at once; each waits for half a second at most.</summary>
    public const int Most = 256;

    private readonly ConcurrentDictionary<long, PendingCall> _calls = new();
    private long _lastNumber;
    private int _count;

    /// <summary>Null when too many wait.</summary>
    public PendingCall? TryBegin(IEnumerable<long> nodes)
    {
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var call = new PendingCall(Interlocked.Increment(ref _lastNumber), nodes);
        _calls[call.Number] = call;
        return call;
    }

    public void End(PendingCall call)
    {
        if (_calls.TryRemove(call.Number, out _))
            Interlocked.Decrement(ref _count);
    }

    /// <summary>An answer that comes too late finds nobody.</summary>
    public void Answered(long node, AnswerItem answer)
    {
        if (!_calls.TryGetValue(answer.Number, out var call))
            return;
        if (answer.IsFailed)
            call.Miss(node);
        else
            call.Take(node, answer.Payload);
    }
}
