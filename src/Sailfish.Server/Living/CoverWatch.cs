using Sailfish.Server.Hosting;

namespace Sailfish.Server.Living;

/// <summary>Once a second, from before the first request on: which rooms have covers is read of the store.</summary>
internal sealed class CoverWatch(CoverTable covers, TimeProvider time, ILogger<CoverWatch> logger) : RepeatedWork(TimeSpan.FromSeconds(1), time)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await covers.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task DoAsync(CancellationToken cancellationToken) => covers.RefreshAsync(cancellationToken);

    protected override void Failed(Exception fault) => LivingLog.CoversNotRead(logger, fault);
}
