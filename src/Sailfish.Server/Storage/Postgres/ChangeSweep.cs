using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Once a minute: changes that all nodes have heard of are deleted. Each node does it, and leaves to another what that is deleting.</summary>
internal sealed class ChangeSweep(PostgresDatabase database, TimeProvider time, ILogger<ChangeSweep> logger) : RepeatedWork(TimeSpan.FromMinutes(1), time)
{
    /// <summary>Rows in one transaction.</summary>
    private const int RowsPerDelete = 5000;

    /// <summary>
    /// Twice as long as a node may be away before it reads everything anew. By a time that stands still, and as an array: so both
    /// are looked for in indexes.
    /// </summary>
    public const string Delete =
        """
        DELETE FROM change WHERE id = ANY (ARRAY(
          SELECT id FROM change WHERE at < statement_timestamp() - interval '2 h' ORDER BY at LIMIT $1 FOR UPDATE SKIP LOCKED))
        """;

    /// <summary>Gives how many rows went.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        for (var deleted = RowsPerDelete; deleted == RowsPerDelete; all += deleted)
            deleted = await database.WriteAsync(connection => connection.ExecuteAsync(Delete, RowsPerDelete), cancellationToken);
        return all;
    }

    protected override Task DoAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);

    /// <summary>They are in nobody's way.</summary>
    protected override void Failed(Exception fault) => PostgresLog.ChangesNotRemoved(logger, fault);
}
