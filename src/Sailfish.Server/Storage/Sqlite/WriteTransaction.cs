using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// The transactions of the writer, which has one at a time: prepared once, because the provider's, with the objects and the
/// parsing that each takes, were a fortieth of the server's work at a few thousand messages a second. Commands run in the one
/// that is open without being told so.
/// </summary>
internal sealed class WriteTransaction : PreparedStatements
{
    /// <summary>Whoever else writes to the file is waited for so long: a tool of the operator's, or a backup of the file.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Of SQLite's own waiting, which holds the connection: whoever wants to end anything of it waits as long.</summary>
    private const int TryMilliseconds = 100;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _rollback;
    private volatile bool _isGivenUp;

    public WriteTransaction(SqliteConnection connection)
        : base(connection)
    {
        _database = connection.Handle!;
        raw.sqlite3_busy_timeout(_database, TryMilliseconds);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
    }

    /// <summary>From now on nobody is waited for. Called by whoever stops the writer.</summary>
    public void GiveUp() => _isGivenUp = true;

    public void Begin()
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                Run(_begin);
                return;
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY && !_isGivenUp && Stopwatch.GetElapsedTime(began) < Patience)
            {
                // Once more.
            }
        }
    }

    /// <summary>On the disk when it returns.</summary>
    public void Commit() => Run(_commit);

    /// <summary>Does nothing where SQLite has rolled back by itself, as it does on some failures, a full disk among them.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_database) == 0)
            Run(_rollback);
    }
}
