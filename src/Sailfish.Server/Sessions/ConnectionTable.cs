using System.Collections.Concurrent;

namespace Sailfish.Server.Sessions;

/// <summary>All connections by id, logged in or not.</summary>
internal sealed class ConnectionTable
{
    /// <summary>Room for a million connections a second since the last start.</summary>
    private const int CounterBits = 20;
    private readonly ConcurrentDictionary<long, Connection> _connections = new();
    private long _lastId;
    private int _count;

    public ConnectionTable(TimeProvider time)
    {
        _lastId = time.GetUtcNow().ToUnixTimeSeconds() << CounterBits;
    }

    public int Count => Volatile.Read(ref _count);

    public long NextId() => Interlocked.Increment(ref _lastId);

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
