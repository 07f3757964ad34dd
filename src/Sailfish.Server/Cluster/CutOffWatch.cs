using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Sends this node's clients to the others while it alone is without the database. Where nobody has it, or where nobody can tell
/// because the bus is the database, they stay: to come back elsewhere would help none of them.
/// </summary>
internal sealed class CutOffWatch(
    ClusterNode node, ClusterView view, ConnectionTable connections, IOptions<ClusterOptions> options, TimeProvider time, ILogger<CutOffWatch> logger) : BackgroundService
{
    /// <summary>What goes by sooner is not worth that everybody comes back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Over which they come back.</summary>
    private const int SpreadMilliseconds = 10_000;

    private long? _since;
    private bool _isTold;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Bus == ClusterOptions.PostgresBus)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    internal void Look()
    {
        if (view.IsDatabaseUp || !node.IsDatabaseOkElsewhere)
        {
            if (_isTold)
                ClusterLog.NotCutOff(logger);
            (_since, _isTold) = (null, false);
            return;
        }

        _since ??= time.GetTimestamp();
        var cutOff = time.GetElapsedTime(_since.Value);
        if (cutOff >= Patience)
            SendAway(cutOff);
    }

    /// <summary>Again and again: whoever comes back to this node meanwhile is sent away, too.</summary>
    private void SendAway(TimeSpan cutOff)
    {
        if (!_isTold)
            ClusterLog.CutOff(logger, cutOff.TotalSeconds);
        _isTold = true;
        foreach (var connection in connections.All().Where(connection => connection.Session is not null))
            connection.CloseWithBye(ByeReason.Draining, Random.Shared.Next(SpreadMilliseconds));
    }
}
