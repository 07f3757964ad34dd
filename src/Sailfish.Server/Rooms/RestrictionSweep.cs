using Sailfish.Server.Hosting;

namespace Sailfish.Server.Rooms;

/// <summary>Once a minute: mutes and bans that have ended leave the store, and then memory.</summary>
internal sealed class RestrictionSweep(RoomRestrictions restrictions, IRestrictionStore store, TimeProvider time, ILogger<RestrictionSweep> logger) : RepeatedWork(TimeSpan.FromMinutes(1), time)
{
    protected override Task DoAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);

    /// <summary>What has ended holds nobody.</summary>
    protected override void Failed(Exception fault) => RoomLog.RestrictionsNotRemoved(logger, fault);

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!restrictions.HasEnded(now))
            return;
        await store.RemoveEndedAsync(now, cancellationToken);
        restrictions.ForgetEnded(now);
    }
}
