using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// A whole copy of a database that others write to meanwhile, also other processes. One statement reads one snapshot:
/// unlike the online backup of SQLite's shell, it does not begin anew whenever somebody wrote.
/// </summary>
internal static class DatabaseBackup
{
    /// <summary>More starts than a database sees between a backup and the need of it.</summary>
    private const int StartsAhead = 1000;

    /// <summary>Writes the copy with mode 0600, in place of an older one; what is there under that name is always whole.</summary>
    /// <exception cref="SqliteException">The database cannot be read, or the copy cannot be written.</exception>
    /// <exception cref="InvalidDataException">The copy is not sound.</exception>
    public static Task WriteAsync(string databasePath, string targetPath, CancellationToken cancellationToken = default) =>
        Task.Run(() => Write(databasePath, targetPath), cancellationToken);

    private static void Write(string databasePath, string targetPath)
    {
        var aside = targetPath + ".new";
        try
        {
            // SQLite takes an empty file as it is, and with it its mode.
            DurableFile.CreatePrivate(aside).Dispose();
            Copy(databasePath, aside);
            LeapAhead(aside);
            Check(aside);
            DurableFile.Publish(aside, targetPath);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static void Copy(string databasePath, string aside)
    {
        using var connection = Open(databasePath, SqliteOpenMode.ReadWrite);
        connection.Execute("VACUUM INTO @aside", new { aside }, commandTimeout: 0);
    }

    /// <summary>
    /// Whoever starts on the copy does not give again what the original gives until it is lost: its starts are numbered on from
    /// far ahead. A database of an older version has no number yet.
    /// </summary>
    private static void LeapAhead(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name = 'node'") > 0)
            connection.Execute("UPDATE node SET generation = generation + @StartsAhead", new { StartsAhead });
    }

    private static void Check(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadOnly);
        if (connection.ExecuteScalar<string>("PRAGMA integrity_check(1)", commandTimeout: 0) is var verdict and not "ok")
            throw new InvalidDataException($"The copy of the database is not sound: {verdict}");
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
