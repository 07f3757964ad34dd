using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Two nodes on a database of their own, which goes with them.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private readonly List<DirectoryNode> _nodes = [];

    private TwoNodes(string name, string connectionString) => (Name, ConnectionString) = (name, connectionString);

    /// <summary>The database's.</summary>
    public string Name { get; }

    public string ConnectionString { get; }

    public DirectoryNode One => _nodes[0];

    public DirectoryNode Two => _nodes[1];

    /// <param name="most">Sessions of a user.</param>
    public static async Task<TwoNodes> StartAsync(int most = 10)
    {
        var name = await SharedPostgres.NewDatabaseAsync();
        var nodes = new TwoNodes(name, (await SharedPostgres.ServerAsync()).ConnectionString(name));
        for (var i = 0; i < 2; i++)
            nodes._nodes.Add(await DirectoryNode.StartAsync(nodes.ConnectionString, most));
        return nodes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await (await SharedPostgres.ServerAsync()).DropDatabaseAsync(Name);
    }
}
