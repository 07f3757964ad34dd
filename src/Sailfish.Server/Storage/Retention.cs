using Dapper;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Storage;

/// <summary>Deletes messages past their age in small transactions, so that nobody's message waits long behind one.</summary>
internal sealed class Retention(SqliteWriter writer, RecentMessages recent, IOptions<StorageOptions> options, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    /// <summary>Rows in one transaction: some milliseconds of the writer.</summary>
    private const int RowsPerDelete = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.RetentionDays == 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds), time);
        do
        {
            try
            {
                var count = await RunOnceAsync(stoppingToken);
                if (count > 0)
                    StorageLog.Retained(logger, count, options.Value.RetentionDays);
            }
#pragma warning disable CA1031 // the next run tries again; the log says what was wrong
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                StorageLog.RetentionFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Deletes all that is too old; returns how many messages that were.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().AddDays(-options.Value.RetentionDays).ToUnixTimeMilliseconds();
        var total = 0;
        int deleted;
        do
        {
            deleted = 0;
            await writer.WriteAsync(
                (connection, transaction) =>
                {
                    deleted = connection.Execute(
                        // From the front: ids grow with time, so the first young row ends the search.
                        """
                        DELETE FROM message WHERE id IN
                          (SELECT id FROM (SELECT id, created_at FROM message ORDER BY id LIMIT @RowsPerDelete) WHERE created_at < @before)
                        """,
                        new { before, RowsPerDelete }, transaction);
                    if (deleted > 0)
                        recent.Clear();
                },
                cancellationToken);
            total += deleted;
        }
        while (deleted == RowsPerDelete);
        return total;
    }
}
