namespace Sailfish.Server.Storage.Postgres;

/// <summary>Once a minute: counts of wrong passwords that have run out are deleted. Each node does it; there is mostly nothing.</summary>
internal sealed class LockoutSweep(PostgresLockout lockout, TimeProvider time, ILogger<LockoutSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await lockout.RemoveOldAsync(stoppingToken);
            }
#pragma warning disable CA1031 // what has run out locks nobody; the next minute tries again
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                PostgresLog.LockoutsNotRemoved(logger, fault);
            }
        }
    }
}
