using System.Collections.Concurrent;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Sessions;

/// <summary>All connections by id, logged in or not.</summary>
internal sealed class ConnectionTable(NodeLease lease)
{
    private readonly ConcurrentDictionary<long, Connection> _connections = new();
    private readonly NodeNumbers _ids = new(lease);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public long NextId() => _ids.Next();

    public void Add(Connection connection)
    {
        _connections[connection.Id] = connection;
        Interlocked.Increment(ref _count);
    }

    public void Remove(Connection connection)
    {
        if (_connections.TryRemove(connection.Id, out _))
            Interlocked.Decrement(ref _count);
    }

    public Connection? Find(long id) => _connections.GetValueOrDefault(id);

    public IEnumerable<Connection> All() => _connections.Select(pair => pair.Value);
}
