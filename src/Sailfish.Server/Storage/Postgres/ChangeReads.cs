using Npgsql;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>The table of changes as the feed reads it.</summary>
internal static class ChangeReads
{
    /// <summary>
    /// The database's clock, or the beginning of the oldest transaction that is writing: all that has an earlier time can be read
    /// with the next snapshot. All nodes log in as one role, so that each sees when the others' transactions began.
    /// </summary>
    public const string Horizon =
        """
        SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xid IS NOT NULL
        """;

    /// <summary>
    /// $2 is the time since the last look, and some: a database whose clock was set back writes earlier times than it did. The
    /// time is one that stands still while the statement runs, and no subquery's: only then the database looks for it in the
    /// index, and does not read all changes of two hours each second.
    /// </summary>
    public const string Rows = "SELECT id, at, kind, app_id, a, b, word FROM change WHERE at >= least($1, statement_timestamp() - $2) ORDER BY id";

    /// <summary>The horizon, and then the rows of a time and later, with a snapshot of their own.</summary>
    public static async Task<(DateTime Horizon, IReadOnlyList<ChangeRow> Rows)> ReadChangesAsync(this NpgsqlConnection connection, DateTime since, TimeSpan looked)
    {
        await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
        batch.Add(Horizon);
        batch.Add(Rows, since, looked);
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var horizon = reader.GetDateTime(0);
        await reader.NextResultAsync();
        List<ChangeRow> rows = [];
        while (await reader.ReadAsync())
            rows.Add(ToRow(reader));
        return (horizon, rows);
    }

    private static ChangeRow ToRow(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetDateTime(1),
        new Change((ChangeKind)row.GetInt16(2), NumberOf(row, 3), NumberOf(row, 4), NumberOf(row, 5), row.IsDBNull(6) ? null : row.GetString(6)));

    private static long? NumberOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
