namespace Sailfish.Server.Storage.Postgres;

/// <summary>Once a minute: changes that all nodes have heard of are deleted. Each node does it, and leaves to another what that is deleting.</summary>
internal sealed class ChangeSweep(PostgresDatabase database, TimeProvider time, ILogger<ChangeSweep> logger) : BackgroundService
{
    /// <summary>Rows in one transaction.</summary>
    private const int RowsPerDelete = 5000;

    /// <summary>Twice as long as a node may be away before it reads everything anew.</summary>
    private const string Delete =
        """
        DELETE FROM change WHERE id IN
          (SELECT id FROM change WHERE at < clock_timestamp() - interval '2 h' ORDER BY at LIMIT $1 FOR UPDATE SKIP LOCKED)
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Gives how many rows went.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        for (var deleted = RowsPerDelete; deleted == RowsPerDelete; all += deleted)
            deleted = await database.WriteAsync(connection => connection.ExecuteAsync(Delete, RowsPerDelete), cancellationToken);
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
#pragma warning disable CA1031 // they are in nobody's way; the next minute tries again
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                PostgresLog.ChangesNotRemoved(logger, fault);
            }
        }
    }
}
