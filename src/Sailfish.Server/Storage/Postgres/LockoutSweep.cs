using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Once a minute: counts of wrong passwords that have run out are deleted. Each node does it; there is mostly nothing.</summary>
internal sealed class LockoutSweep(PostgresLockout lockout, TimeProvider time, ILogger<LockoutSweep> logger) : RepeatedWork(TimeSpan.FromMinutes(1), time)
{
    protected override Task DoAsync(CancellationToken cancellationToken) => lockout.RemoveOldAsync(cancellationToken);

    /// <summary>What has run out locks nobody.</summary>
    protected override void Failed(Exception fault) => PostgresLog.LockoutsNotRemoved(logger, fault);
}
