using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Looks at the database as it is, also beside a server that uses it: changes nothing, and leaves no file.</summary>
internal static class DatabaseCheck
{
    /// <summary>What there is, as a sentence.</summary>
    /// <exception cref="ConfigurationException">A start would not get by with it.</exception>
    public static string Describe(ServerOptions options)
    {
        var path = Path.Combine(options.DataDir, SqliteDatabase.FileName);
        if (!Path.Exists(path))
            return $"There is no database {path} yet: a start makes it.";
        // Where a server runs or was killed, its companions are there, and are written to with it.
        var files = new[] { path, path + "-wal", path + "-shm" }.Where(File.Exists);
        if (files.FirstOrDefault(file => !DataFolder.MayWriteFile(file)) is { } locked)
            throw new ConfigurationException($"The database {path} cannot be opened: {locked} cannot be written to.");
        var done = Read(path);
        Schema.RefuseNewer(path, done);
        var version = done.DefaultIfEmpty().Max();
        return version == Schema.Version
            ? $"The database {path} can be opened; its version is {version}, this program's."
            : $"The database {path} can be opened; its version is {version}, and a start brings it to {Schema.Version}.";
    }

    /// <summary>A connection that changes nothing.</summary>
    public static SqliteConnection OpenToRead(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = AddressOf(path),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>The numbers of those that were made.</summary>
    public static List<long> Migrations(SqliteConnection connection) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name = 'migration'") == 0
            ? []
            : [.. connection.Query<long>("SELECT number FROM migration")];

    private static List<long> Read(string path)
    {
        try
        {
            using var connection = OpenToRead(path);
            return Migrations(connection);
        }
        catch (SqliteException problem)
        {
            throw new ConfigurationException($"The database {path} cannot be opened: {problem.Message}");
        }
    }

    /// <summary>
    /// A reader of a database in WAL makes the companions where they are missing, and one who may not write leaves them behind.
    /// Without them nobody uses it, and then SQLite may be told that it does not change.
    /// </summary>
    private static string AddressOf(string path) =>
        new Uri(Path.GetFullPath(path)).AbsoluteUri + (File.Exists(path + "-wal") ? "" : "?immutable=1");
}
