using System.Threading.Channels;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Brings acks from the table to the store: behind, each second, many in one transaction. A crash loses at most the last
/// second of them: then a message comes twice, with the same msgId.
/// </summary>
internal sealed class AckSaver(AckTable acks, IPositionStore store, TimeProvider time, ILogger<AckSaver> logger) : BackgroundService
{
    /// <summary>Positions of one transaction: a message that comes meanwhile waits a millisecond for them.</summary>
    private const int PositionsPerSave = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<bool> _hurry = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Saved in this second and in the one before. Kept so long: a SYNC may have read the store just before that.</summary>
    private List<AckState> _saved = [];
    private List<AckState> _savedBefore = [];
    private long _secondBegan = time.GetTimestamp();

    private readonly Lock _lock = new();
    private TaskCompletionSource _nextSave = NewSave();
    private bool _isSaving;

    /// <summary>Somebody reads past many acks that the store does not have yet: it should have them before the second is over.</summary>
    public void SaveSoon() => _hurry.Writer.TryWrite(true);

    /// <summary>Done when all acks that have come until now are stored, or could not be.</summary>
    public Task WhenSavedAsync()
    {
        lock (_lock)
        {
            if (acks.DirtyCount == 0 && !_isSaving)
                return Task.CompletedTask;
            SaveSoon();
            return _nextSave.Task;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                await SaveAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; StopAsync saves what is left.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    /// <summary>Saves what changed until now; what cannot be saved is tried again.</summary>
    internal async Task SaveAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource save;
        lock (_lock)
            (save, _nextSave, _isSaving) = (_nextSave, NewSave(), true);
        try
        {
            await SaveDirtyAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
                _isSaving = false;
            save.SetResult();
        }
    }

    private static TaskCompletionSource NewSave() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task SaveDirtyAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_secondBegan) >= Interval)
            ForgetSaved();
        for (var left = acks.DirtyCount; left > 0; left -= PositionsPerSave)
        {
            var states = acks.TakeDirty(Math.Min(left, PositionsPerSave));
            if (!await TrySaveAsync(states, cancellationToken))
                return;
        }
    }

    /// <summary>A second, or less when somebody is in a hurry.</summary>
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(ShortestPause, time, stoppingToken);
        using var second = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var hurry = _hurry.Reader.WaitToReadAsync(second.Token).AsTask();
        await Task.WhenAny(hurry, Task.Delay(Interval - ShortestPause, time, second.Token));
        await second.CancelAsync();
        _hurry.Reader.TryRead(out _);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private async Task<bool> TrySaveAsync(List<AckState> states, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(states, cancellationToken);
            _saved.AddRange(states);
            return true;
        }
#pragma warning disable CA1031 // positions are a convenience: the next run tries again
        catch (Exception fault)
#pragma warning restore CA1031
        {
            DeliveryLog.PositionsNotSaved(logger, fault, states.Count);
            acks.PutBack(states);
            return false;
        }
    }

    private void ForgetSaved()
    {
        acks.Forget(_savedBefore);
        (_savedBefore, _saved) = (_saved, []);
        _secondBegan = time.GetTimestamp();
    }
}
