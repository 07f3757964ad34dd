using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Numbers the frames of this node's generation: 1, 2, 3… to each other node, and to all. A frame takes its number even where it
/// cannot be sent, so that the receiver misses it. Guarded by who holds it.
/// </summary>
internal sealed class LinkCounters
{
    private readonly Dictionary<long, long> _toNodes = [];
    private long _toAll;

    /// <summary>The number of the next frame to that node.</summary>
    public long Next(long node) => _toNodes[node] = _toNodes.GetValueOrDefault(node) + 1;

    /// <summary>The number of the next frame to all.</summary>
    public long NextToAll() => ++_toAll;

    /// <summary>What a heartbeat tells. The count to all is the heartbeat's own number.</summary>
    public IEnumerable<LinkCount> ToNodes() => _toNodes.Select(link => new LinkCount(link.Key, link.Value));

    /// <summary>The node is no more, and its generation will not come again.</summary>
    public void Forget(long node) => _toNodes.Remove(node);
}
