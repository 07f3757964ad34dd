using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The database of a server that is stopped, read as one snapshot, and not changed.</summary>
internal sealed class MoveSource : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;

    /// <exception cref="ConfigurationException">It cannot be moved as it is.</exception>
    public MoveSource(string path)
    {
        try
        {
            _connection = DatabaseCheck.OpenToRead(path);
        }
        catch (SqliteException problem)
        {
            throw CannotBeOpened(path, problem);
        }

        try
        {
            _snapshot = _connection.BeginTransaction(deferred: true);
            RefuseOthers(path, DatabaseCheck.Migrations(_connection));
            Generation = _connection.ExecuteScalar<long>("SELECT generation FROM node");
        }
        catch (SqliteException problem)
        {
            _connection.Dispose();
            throw CannotBeOpened(path, problem);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Of the last start on it.</summary>
    public long Generation { get; }

    /// <summary>The pictures that accounts have, by their owners.</summary>
    public IReadOnlyList<(long AccountId, string Name)> Pictures() =>
        [.. _connection.Query<(long, string)>("SELECT id, avatar FROM account WHERE avatar IS NOT NULL ORDER BY id", transaction: _snapshot)];

    public long Count(MovedTable table, long now) =>
        _connection.ExecuteScalar<long>($"SELECT count(*) FROM ({table.Select})", new { now }, _snapshot);

    public DbDataReader Read(MovedTable table, long now) => Read(table.Select, now);

    /// <summary>For <see cref="MoveCheck"/>.</summary>
    public DbDataReader Conversations() => Read(MoveCheck.Conversations, 0);

    public void Dispose()
    {
        _snapshot.Dispose();
        _connection.Dispose();
    }

    /// <summary>The move reads the form that this program works with; it makes no change, so also none to an older form.</summary>
    private static void RefuseOthers(string path, List<long> done)
    {
        Schema.RefuseNewer(path, done);
        if (Schema.Migrations.Any(migration => !done.Contains(migration.Number)))
        {
            throw new ConfigurationException(
                $"The database {path} has version {done.DefaultIfEmpty().Max()}, and this program's is {Schema.Version}. Start the server once with this version, stop it, and migrate then.");
        }
    }

    private static ConfigurationException CannotBeOpened(string path, Exception problem) => new($"The database {path} cannot be opened: {problem.Message}");

    private DbDataReader Read(string sql, long now) => (DbDataReader)_connection.ExecuteReader(sql, new { now }, _snapshot);
}
