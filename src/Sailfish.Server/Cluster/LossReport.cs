using Sailfish.Server.Pacing;

namespace Sailfish.Server.Cluster;

/// <summary>Counts losses and logs some of them, on their way to whoever reads the log for them.</summary>
internal sealed class LossReport(IClusterSink sink, ClusterMetrics metrics, TimeProvider time, ILogger<LossReport> logger) : ILossSink
{
    private readonly LogPace _lines = new(new Rate(PerSecond: 1, Burst: 5), time);

    public void Lost(long source)
    {
        metrics.Lost();
        if (_lines.TryTake(out var leftOut))
            ClusterLog.FramesLost(logger, source, leftOut);
        sink.Missed(source);
    }

    public void FirstHeard(long source)
    {
        ClusterLog.FirstHeard(logger, source);
        sink.Missed(source);
    }
}
