using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Statements that the writer prepares once, by SQLite's own calls: the provider's commands and parameters were a fifth
/// of the writer's time.
/// </summary>
internal abstract class PreparedStatements(SqliteConnection connection) : IDisposable
{
    private readonly sqlite3 _database = connection.Handle!;
    private readonly List<sqlite3_stmt> _statements = [];
    private byte[] _text = new byte[1024];

    /// <summary>Rows that the last statement inserted, changed or deleted.</summary>
    protected int Changes => raw.sqlite3_changes(_database);

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
    }

    protected sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        _statements.Add(statement);
        return statement;
    }

    protected void Bind(sqlite3_stmt statement, int index, long value) => Check(raw.sqlite3_bind_int64(statement, index, value));

    protected void Bind(sqlite3_stmt statement, int index, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, index));
            return;
        }

        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < longest)
            _text = new byte[longest];
        var length = Encoding.UTF8.GetBytes(value, _text);
        Check(raw.sqlite3_bind_text(statement, index, _text.AsSpan(0, length)));
    }

    /// <summary>Runs a statement that gives no row.</summary>
    protected void Run(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        // What went wrong is told by the step; the reset says the same again.
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
    }

    /// <summary>The same with three numbers.</summary>
    protected void Run(sqlite3_stmt statement, long first, long second, long third)
    {
        Bind(statement, 1, first);
        Bind(statement, 2, second);
        Bind(statement, 3, third);
        Run(statement);
    }

    /// <summary>Reads the first column of the only row; false when there is none.</summary>
    protected bool TryReadRow(sqlite3_stmt statement, out long value) => TryReadRow(statement, out value, out _, out _);

    /// <summary>Reads up to three columns of the only row; false when there is none.</summary>
    protected bool TryReadRow(sqlite3_stmt statement, out long first, out long second, out long third)
    {
        var result = raw.sqlite3_step(statement);
        var isRow = result == raw.SQLITE_ROW;
        first = isRow ? raw.sqlite3_column_int64(statement, 0) : 0;
        var columns = isRow ? raw.sqlite3_column_count(statement) : 0;
        second = columns > 1 ? raw.sqlite3_column_int64(statement, 1) : 0;
        third = columns > 2 ? raw.sqlite3_column_int64(statement, 2) : 0;
        // To its end: an INSERT … RETURNING is done only then.
        while (result == raw.SQLITE_ROW)
            result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
        return isRow;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
