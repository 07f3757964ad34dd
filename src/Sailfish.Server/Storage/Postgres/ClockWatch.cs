using System.Diagnostics.Metrics;
using Sailfish.Server.Nodes;
using Sailfish.Server.Telemetry;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Sets the clock of this node by the database's, and tells when the machine's own is far from it.</summary>
internal sealed class ClockWatch
{
    /// <summary>Tokens that others made are good for as long after their end; a clock that is farther away is to be set.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    private readonly ClusterTime _time;
    private readonly ILogger _logger;
    private bool _isFar;

    public ClockWatch(ClusterTime time, IMeterFactory meters, ILogger<ClockWatch> logger)
    {
        (_time, _logger) = (time, logger);
        meters.Create(SailfishMeter.Name).CreateObservableGauge(
            "sailfish.cluster.clock.offset", () => time.Offset.TotalSeconds, "s", "By how much this machine's clock is behind the database's, which all nodes go by");
    }

    public void Note(NodeLook look)
    {
        _time.Note(look.Clock, look.Asked, look.Answered);
        var offset = _time.Offset;
        var wasFar = _isFar;
        _isFar = offset.Duration() > Most;
        if (_isFar && !wasFar)
            PostgresLog.ClockIsFar(_logger, offset.TotalSeconds);
        else if (wasFar && !_isFar)
            PostgresLog.ClockIsNear(_logger);
    }
}
