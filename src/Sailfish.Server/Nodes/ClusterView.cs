namespace Sailfish.Server.Nodes;

/// <summary>What this node knows of the cluster since the last renewal of its lease.</summary>
internal sealed class ClusterView
{
    private volatile IReadOnlyList<NodeInfo> _nodes = [];
    private volatile bool _isDatabaseUp = true;

    /// <summary>All nodes, this one too.</summary>
    public IReadOnlyList<NodeInfo> Nodes => _nodes;

    /// <summary>Whether the last renewal was answered.</summary>
    public bool IsDatabaseUp => _isDatabaseUp;

    public void Renewed(IReadOnlyList<NodeInfo> nodes) => (_nodes, _isDatabaseUp) = (nodes, true);

    public void DatabaseAway() => _isDatabaseUp = false;
}
