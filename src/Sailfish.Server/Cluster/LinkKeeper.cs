using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Ties this node to the others while it is of one generation, lets go when they have given it up, and ties it anew with the next
/// one. Ends behind all that is told while the server stops.
/// </summary>
internal sealed class LinkKeeper(
    ClusterNode node,
    NodeLease lease,
    ClusterView view,
    IClusterBusFactory buses,
    IClusterSink sink,
    ICallHandler questions,
    RoomAttendance rooms,
    SequencerRepair repair,
    ChangeBell bell,
    ClusterMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers) : INodeListener, IHostedService, IAsyncDisposable
{
    /// <summary>What a node that died committed and told nobody of was committed no longer ago, when others hear of its death.</summary>
    private static readonly TimeSpan Death = TimeSpan.FromSeconds(20);

    /// <summary>What the store lost when it began anew is no older.</summary>
    private static readonly TimeSpan Anew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private readonly ILogger _logger = loggers.CreateLogger<LinkKeeper>();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _attending = Task.CompletedTask;
    private long _generation;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        bell.Rung += TellChanged;
        return BegunAsync(cancellationToken);
    }

    /// <summary>What is committed by now is still told.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task BegunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_generation == lease.Generation)
                return;
            var isAnew = _generation > 0;
            await LetGoAsync();
            _generation = lease.Generation;
            node.Link = new ClusterLink(_generation, buses, sink, questions, () => view.IsDatabaseUp, metrics, time, loggers);
            node.Link.Start();
            if (isAnew)
                AttendAgain(RepairReason.NodeDied, Death);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task GivenUpAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await LetGoAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Returns at once: whoever renews the lease must go on.</summary>
    public Task EraBegunAsync(CancellationToken cancellationToken)
    {
        AttendAgain(RepairReason.StoreBeganAnew, Anew);
        return Task.CompletedTask;
    }

    public void NodesGone(IReadOnlyList<long> generations)
    {
        foreach (var generation in generations)
            node.Link?.Forget(generation);
        repair.Ask(RepairReason.NodeDied, Death);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        bell.Rung -= TellChanged;
        await _stop.CancelAsync();
        await _attending;
        await LetGoAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task LetGoAsync()
    {
        if (node.Link is not { } link)
            return;
        node.Link = null;
        await link.DisposeAsync();
    }

    private void TellChanged() => node.TellAll(ControlItem.Changed.Some);

    private void AttendAgain(RepairReason reason, TimeSpan age) => _attending = Task.WhenAll(_attending, AttendAgainAsync(reason, age));

    /// <summary>What the rooms were told meanwhile is read behind it. Never throws.</summary>
    private async Task AttendAgainAsync(RepairReason reason, TimeSpan age)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var began = time.GetTimestamp();
        while (!_stop.IsCancellationRequested && !await TryAttendAgainAsync())
            await Task.Delay(BetweenTries, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        repair.Ask(reason, age + time.GetElapsedTime(began));
    }

    private async Task<bool> TryAttendAgainAsync()
    {
        try
        {
            await rooms.AttendAgainAsync(_stop.Token);
            return true;
        }
#pragma warning disable CA1031 // the store may be away again: it is tried until it is done
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_stop.IsCancellationRequested)
                ClusterLog.RoomsNotAttended(_logger, fault);
            return false;
        }
    }
}
