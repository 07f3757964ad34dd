namespace Sailfish.Server.Rooms;

/// <summary>Once a minute: mutes and bans that have ended leave the store, and then memory.</summary>
internal sealed class RestrictionSweep(RoomRestrictions restrictions, IRestrictionStore store, TimeProvider time, ILogger<RestrictionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
#pragma warning disable CA1031 // what has ended holds nobody; the next minute tries again
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                RoomLog.RestrictionsNotRemoved(logger, fault);
            }
        }
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!restrictions.HasEnded(now))
            return;
        await store.RemoveEndedAsync(now, cancellationToken);
        restrictions.ForgetEnded(now);
    }
}
