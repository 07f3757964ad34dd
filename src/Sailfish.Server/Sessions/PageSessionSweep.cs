namespace Sailfish.Server.Sessions;

/// <summary>
/// Once a minute: sessions of the page whose time is over end, with their connections. A connection asks nobody whether its
/// session lasts, and would stay for as long as its browser does.
/// </summary>
internal sealed class PageSessionSweep(AccessService access, TimeProvider time, ILogger<PageSessionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await access.EndRunOutAsync();
            }
#pragma warning disable CA1031 // such a session opens nothing any more; the next minute tries again
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                SessionLog.PageSessionsNotEnded(logger, fault);
            }
        }
    }
}
