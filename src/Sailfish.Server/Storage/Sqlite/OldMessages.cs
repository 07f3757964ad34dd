using Dapper;
using Microsoft.Data.Sqlite;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Finds messages past their age without an index on the time: rows stand in the order in which they came. Mostly the
/// oldest are at the front; a clock that was ahead leaves young ones there, which must not hide what stands behind them.
/// </summary>
internal sealed class OldMessages(SqliteConnection connection, long before, long now)
{
    /// <summary>Rows of one look, and so of one deletion: some milliseconds of the writer.</summary>
    private const int RowsPerWindow = 500;

    /// <summary>Rows that are looked at, evenly spread, when the front has none that are old.</summary>
    private const int Samples = 64;

    /// <summary>Stamps beyond this are of a clock that was ahead: they say nothing of the rows behind them.</summary>
    private readonly long _future = now + (24L * 60 * 60 * 1000);

    /// <summary>The next rows, by their ids, of which some are old; null when there are no more.</summary>
    public (long After, long Last)? Next(long after)
    {
        var certain = 0L;
        while (Window(after) is { Count: > 0 } window)
        {
            var last = window[^1].Id;
            if (window.Exists(r => r.CreatedAt < before))
                return (after, last);
            after = last;
            if (after < certain || window.Exists(r => r.CreatedAt > _future))
                continue;
            if (FindSample(after) is not { } found)
                return null;
            (after, certain) = found;
        }

        return null;
    }

    private List<(long Id, long CreatedAt)> Window(long after) =>
        connection.Query<(long, long)>("SELECT id, created_at FROM message WHERE id > @after ORDER BY id LIMIT @RowsPerWindow", new { after, RowsPerWindow }).AsList();

    /// <summary>An old row somewhere behind, and the row looked at before it.</summary>
    private (long Before, long Old)? FindSample(long after)
    {
        var last = connection.ExecuteScalar<long?>("SELECT max(id) FROM message") ?? 0;
        var step = Math.Max(1, (last - after) / Samples);
        for (var id = after + step; id <= last; id += step)
        {
            var createdAt = connection.ExecuteScalar<long?>("SELECT created_at FROM message WHERE id >= @id ORDER BY id LIMIT 1", new { id });
            if (createdAt < before)
                return (id - step, id);
        }

        return null;
    }
}
