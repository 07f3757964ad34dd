using Sailfish.Server.Hosting;

namespace Sailfish.Server.Cluster;

/// <summary>
/// What every bus does the same way: a queue before the one task that speaks to the server, dropping while it is away, and
/// the loop that brings it up again.
/// </summary>
internal abstract class QueuedBus(IBusReceiver receiver, ClusterMetrics metrics, TimeProvider time, ILogger logger) : IClusterBus
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _healthLock = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile BusHealth _health = BusHealth.Away;
    private string? _toldReason;
    private Task _run = Task.CompletedTask;
    private bool _isDisposed;

    public BusHealth Health => _health;

    public abstract int MaxFrameBytes { get; }

    public abstract int MaxMessageBytes { get; }

    protected IBusReceiver Receiver => receiver;

    protected ClusterMetrics Metrics => metrics;

    protected TimeProvider Time => time;

    protected ILogger Logger => logger;

    protected SendQueue Queue { get; } = new(metrics);

    /// <summary>What it is and where, without anything secret.</summary>
    protected abstract string Description { get; }

    public void Start() => _run = Task.Run(() => RunAsync(_stop.Token));

    public bool TrySend(long node, ReadOnlyMemory<byte> frame, bool isMore = false) => TryAdd(new OutgoingFrame(node, frame), isMore);

    public bool TryBroadcast(ReadOnlyMemory<byte> frame, bool isMore = false) => TryAdd(new OutgoingFrame(OutgoingFrame.ToAll, frame), isMore);

    public void Flush() => Queue.Flush();

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    /// <summary>Connects and serves until the connection is lost, for which it throws, or until the bus is stopped.</summary>
    protected abstract Task ServeAsync(CancellationToken stop);

    protected void SetUp()
    {
        lock (_healthLock)
        {
            if (_health == BusHealth.Up)
                return;
            _toldReason = null;
            ClusterLog.BusUp(logger, Description);
            Set(BusHealth.Up);
        }
    }

    /// <summary>A reason is logged once, however often the connection is tried.</summary>
    protected void SetAway(string reason)
    {
        lock (_healthLock)
        {
            if (_toldReason != reason)
                ClusterLog.BusAway(logger, Description, LogText.Of(reason));
            _toldReason = reason;
            if (_health != BusHealth.Away)
                Set(BusHealth.Away);
        }

        Queue.Drop();
    }

    private void Set(BusHealth health)
    {
        _health = health;
        metrics.Bus(health);
        receiver.HealthChanged(health);
    }

    private bool TryAdd(OutgoingFrame frame, bool isMore)
    {
        if (frame.Bytes.Length > MaxFrameBytes)
            return Drop(DropReason.TooLarge);
        if (_health == BusHealth.Away)
            return Drop(DropReason.Away);
        Queue.Add(frame, isMore);
        return true;
    }

    private bool Drop(string reason)
    {
        metrics.Dropped(reason);
        return false;
    }

    private async Task RunAsync(CancellationToken stop)
    {
        for (var pause = ShortestPause; !stop.IsCancellationRequested; pause = Longer(pause))
        {
            try
            {
                await ServeAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // whatever a driver throws, the bus is tried again
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (_health == BusHealth.Up)
                    pause = ShortestPause;
                SetAway(ReasonOf(fault));
            }

            await PauseAsync(pause, stop);
        }

        lock (_healthLock)
            Set(BusHealth.Away);
    }

    /// <summary>Half of it for sure, the rest by chance: nodes that lost the same server do not come back at once.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), time, stop);
        }
        catch (OperationCanceledException)
        {
            // The bus is stopped; the loop sees it.
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    /// <summary>Drivers wrap what an operator wants to know, and name no secrets in it.</summary>
    private static string ReasonOf(Exception fault) =>
        fault.InnerException is { } inner ? $"{fault.Message.TrimEnd('.')}: {ReasonOf(inner)}" : fault.Message.TrimEnd('.');
}
