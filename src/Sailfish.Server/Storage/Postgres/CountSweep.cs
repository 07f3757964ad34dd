using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Once a minute: what was counted of wrong passwords and of begun conversations, and has run out, is deleted. Each node does it;
/// there is mostly nothing.
/// </summary>
internal sealed class CountSweep(PostgresLockout lockout, PostgresOpenings openings, TimeProvider time, ILogger<CountSweep> logger)
    : RepeatedWork(TimeSpan.FromMinutes(1), time)
{
    protected override async Task DoAsync(CancellationToken cancellationToken)
    {
        await lockout.RemoveOldAsync(cancellationToken);
        await openings.RemoveOldAsync(cancellationToken);
    }

    /// <summary>What has run out keeps nobody from anything.</summary>
    protected override void Failed(Exception fault) => PostgresLog.CountsNotRemoved(logger, fault);
}
