using Sailfish.Server.Pacing;

namespace Sailfish.Server.Hosting;

/// <summary>A piece of work that is done again and again, for as long as the server runs. What fails is told, and done again next time.</summary>
/// <param name="interval">From one time to the next.</param>
/// <param name="time">The clock.</param>
/// <param name="beginsAtOnce">Whether the first time is at the start; else it is after the interval.</param>
internal abstract class RepeatedWork(TimeSpan interval, TimeProvider time, bool beginsAtOnce = false) : BackgroundService
{
    /// <summary>What is away for an hour is not told of each second.</summary>
    private readonly LogPace _failures = new(new Rate(PerSecond: 0.1, Burst: 3), time);

    protected TimeProvider Time => time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        if (beginsAtOnce)
            await TryAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryAsync(stoppingToken);
    }

    /// <summary>One time.</summary>
    protected abstract Task DoAsync(CancellationToken cancellationToken);

    /// <summary>It did not succeed: the log is told. Not each time, where it fails again and again.</summary>
    protected abstract void Failed(Exception fault);

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await DoAsync(stoppingToken);
        }
#pragma warning disable CA1031 // the work goes on; the next time tries again
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            if (_failures.TryTake(out _))
                Failed(fault);
        }
    }
}
