namespace Sailfish.Cli.Local;

/// <summary>The nodes of a local cluster, in their order.</summary>
internal sealed class LocalNodes : IAsyncDisposable
{
    private readonly List<LocalNode> _nodes = [];

    public LocalNode First => _nodes[0];

    public IEnumerable<Child> Servers => _nodes.Select(node => node.Server);

    /// <summary>Done when it listens. It is ours from the beginning on.</summary>
    public async Task StartAsync(LocalNode node, CancellationToken cancellation)
    {
        _nodes.Add(node);
        await node.ListenAsync(cancellation);
    }

    /// <summary>One after the other, as in a restart of a cluster that people are on.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }
}
