using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Delivery;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>
/// One clock for all connections instead of a timer each: late logins, silent sessions, stuck sockets, and messages
/// due to be sent again.
/// </summary>
internal sealed class Sweeper(
    ConnectionTable connections,
    ClosingConnections closing,
    PendingHeads heads,
    Retransmitter retransmitter,
    UserPaceTable paces,
    IOptions<SessionsOptions> sessions,
    IOptions<GatewayOptions> options,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<Sweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Sweep();
            }
#pragma warning disable CA1031 // the sweeper must live: without it nothing is ever closed
            catch (Exception fault)
#pragma warning restore CA1031
            {
                GatewayLog.SweepFailed(logger, fault);
            }
        }
    }

    /// <summary>Looks at all connections once.</summary>
    internal void Sweep()
    {
        var loginLimit = TimeSpan.FromSeconds(sessions.Value.LoginTimeoutSeconds);
        var idleLimit = TimeSpan.FromSeconds((2 * sessions.Value.HeartbeatSeconds) + 10);
        var stallLimit = TimeSpan.FromSeconds(options.Value.StallTimeoutSeconds);
        foreach (var connection in connections.All())
            Sweep(connection, loginLimit, idleLimit, stallLimit);
        closing.CutOverdue();
        heads.CutOverdue(loginLimit);
        paces.Sweep();
    }

    private void Sweep(Connection connection, TimeSpan loginLimit, TimeSpan idleLimit, TimeSpan stallLimit)
    {
        if (connection.Outbox.StalledSince is var since and > 0 && time.GetElapsedTime(since) > stallLimit)
        {
            metrics.ClosedFor("stalled");
            connection.Abort("The peer does not read.");
        }
        else if (connection.Session is null)
        {
            if (time.GetElapsedTime(connection.OpenedAt) > loginLimit)
                Bye(connection, ByeReason.LoginTimeout);
        }
        else if (connection.SilentSince is var silent and > 0 && time.GetElapsedTime(silent) > idleLimit)
        {
            Bye(connection, ByeReason.Idle);
        }
        else
        {
            retransmitter.Sweep(connection.Session);
        }
    }

    private void Bye(Connection connection, ByeReason reason)
    {
        if (connection.IsClosing)
            return;
        metrics.ClosedFor(reason.Word);
        connection.CloseWithBye(reason);
    }
}
