using Microsoft.Data.Sqlite;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// Holds the database's write lock: the server's next commit waits, for some seconds, until this is disposed. What is
/// sent meanwhile is on its way for as long as a test needs.
/// </summary>
public sealed class HeldDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;

    public HeldDatabase(ServerProcess server)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(server.DataDir, "sailfish.db")};Pooling=False");
        _connection.Open();
        _transaction = _connection.BeginTransaction(deferred: false);
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }
}
