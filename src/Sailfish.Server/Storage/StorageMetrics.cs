using System.Diagnostics.Metrics;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Storage;

/// <summary>What the log writer does.</summary>
internal sealed class StorageMetrics
{
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitSeconds;

    public StorageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SailfishMeter.Name);
        _batchSize = meter.CreateHistogram<int>("sailfish.log.batch.size", "{write}", "Writes in one transaction");
        _commitSeconds = meter.CreateHistogram<double>("sailfish.log.commit.duration", "s", "Time of one transaction, fsync included");
    }

    public void Committed(int writes, TimeSpan elapsed)
    {
        _batchSize.Record(writes);
        _commitSeconds.Record(elapsed.TotalSeconds);
    }
}
