using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Questions of other nodes, between the thread that reads frames and those who answer. A question that finds it full, or waits
/// too long in it, gets no answer: nobody waits for it any more.
/// </summary>
internal sealed class CallQueue(TimeProvider time)
{
    private const int Capacity = 256;

    private readonly Channel<(long Source, CallItem Call, long CameAt)> _calls =
        Channel.CreateBounded<(long, CallItem, long)>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(long source, CallItem call) => _calls.Writer.TryWrite((source, call, time.GetTimestamp()));

    /// <summary>Those that somebody still waits for, as they come.</summary>
    public async IAsyncEnumerable<(long Source, CallItem Call)> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var (source, call, cameAt) in _calls.Reader.ReadAllAsync(stop))
        {
            if (time.GetElapsedTime(cameAt) < ClusterCalls.Limit)
                yield return (source, call);
        }
    }
}
