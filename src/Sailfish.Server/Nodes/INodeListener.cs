namespace Sailfish.Server.Nodes;

/// <summary>Hears what becomes of this node and of the others. Called one at a time, by whoever renews the lease.</summary>
internal interface INodeListener
{
    /// <summary>
    /// The others have given this node up: it ends what they must not see twice, its sessions and its rooms, before it begins
    /// anew. The lease does not hold meanwhile.
    /// </summary>
    Task GivenUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The node has begun, for the first time or anew: <see cref="NodeLease.Generation"/> is its number.</summary>
    Task BegunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The store has lost who is where: what of it is this node's is to be stored again.</summary>
    Task EraBegunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nodes that were there are no more, by their generations; they stopped or were given up.</summary>
    void NodesGone(IReadOnlyList<long> generations)
    {
    }
}
