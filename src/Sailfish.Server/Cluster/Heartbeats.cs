namespace Sailfish.Server.Cluster;

/// <summary>Each second: tells the others that this node lives and what it has sent, and looks for what of theirs did not come.</summary>
internal sealed class Heartbeats(ClusterSender sender, LinkWatch links, Func<bool> isDatabaseOk, TimeProvider time, ILogger<Heartbeats> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
            Beat();
        while (await timer.WaitForNextTickAsync(stop));
    }

    private void Beat()
    {
        try
        {
            sender.Beat(isDatabaseOk());
            links.Check();
        }
#pragma warning disable CA1031 // the heart must beat: without it the others read the log for nothing
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ClusterLog.HeartbeatFailed(logger, fault);
        }
    }
}
