using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>
/// This node among the others, for whoever has something to tell them or to ask them: the link of its present generation. While
/// there is none, before the node has begun and while it begins anew, nobody is told and nobody answers.
/// </summary>
internal sealed class ClusterNode : IClusterHealth
{
    private volatile ClusterLink? _link;

    /// <summary>Null while there is none.</summary>
    public ClusterLink? Link
    {
        get => _link;
        set => _link = value;
    }

    public ClusterSender? Sender => _link?.Sender;

    public ClusterCalls? Calls => _link?.Calls;

    public BusHealth Health => _link?.Health ?? BusHealth.Away;

    /// <summary>Whether another node that is heard reaches the database.</summary>
    public bool IsDatabaseOkElsewhere => _link?.IsDatabaseOkElsewhere == true;

    /// <summary>Something for one node to do or to tell; false when it was dropped.</summary>
    public bool Tell(long node, ControlItem item) => _link?.Sender.SendOne(node, item) == true;

    /// <summary>The same for all other nodes.</summary>
    public bool TellAll(ControlItem item) => _link?.Sender.BroadcastOne(item) == true;

    /// <summary>Asks nodes what an <see cref="INodeQuestion"/> of that type answers there. Those that do not answer in time are left out.</summary>
    /// <param name="nodes">The generations of other nodes.</param>
    /// <param name="type">The question's.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">The asker has gone.</param>
    public async ValueTask<IReadOnlyList<NodeAnswer>> AskAsync(
        IReadOnlyCollection<long> nodes, byte type, ReadOnlyMemory<byte> question, CancellationToken cancellationToken) =>
        _link is { } link ? await link.Calls.AskAsync(nodes, NodeQuestions.Write(type, question.Span), cancellationToken) : [];
}
