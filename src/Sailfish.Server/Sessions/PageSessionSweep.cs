using Sailfish.Server.Hosting;

namespace Sailfish.Server.Sessions;

/// <summary>
/// Once a minute: sessions of the page whose time is over end, with their connections. A connection asks nobody whether its
/// session lasts, and would stay for as long as its browser does.
/// </summary>
internal sealed class PageSessionSweep(AccessService access, TimeProvider time, ILogger<PageSessionSweep> logger) : RepeatedWork(TimeSpan.FromMinutes(1), time)
{
    protected override Task DoAsync(CancellationToken cancellationToken) => access.EndRunOutAsync();

    /// <summary>Such a session opens nothing any more.</summary>
    protected override void Failed(Exception fault) => SessionLog.PageSessionsNotEnded(logger, fault);
}
