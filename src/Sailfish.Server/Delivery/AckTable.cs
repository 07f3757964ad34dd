using System.Collections.Concurrent;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Acks that the store does not have yet. They count at once; the store gets them behind, many in one transaction. A
/// crash loses at most the last second of them: then a message comes twice, with the same msgId.
/// </summary>
internal sealed class AckTable(IPositionStore store, TimeProvider time, ILogger<AckTable> logger) : BackgroundService
{
    /// <summary>States kept because of holes in them; above this the clean ones go.</summary>
    private const int MaxKept = 200_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(long ConversationId, long UserId), AckState> _states = new();

    /// <summary>Saved in the last run. Kept for one more: a SYNC may have read the store just before that.</summary>
    private List<AckState> _saved = [];

    public void Mark(long conversationId, long userId, long seq) => Change(conversationId, userId, seq, static (state, seq) => state.Mark(seq));

    public void MarkUpTo(long conversationId, long userId, long seq) => Change(conversationId, userId, seq, static (state, seq) => state.MarkUpTo(seq));

    /// <summary>The position that counts, given the stored one.</summary>
    public long Position(long conversationId, long userId, long storedSeq) =>
        _states.TryGetValue((conversationId, userId), out var state) ? state.Merge(storedSeq) : storedSeq;

    /// <summary>Whether a seq beyond the position is acked.</summary>
    public bool IsAcked(long conversationId, long userId, long seq)
    {
        if (!_states.TryGetValue((conversationId, userId), out var state))
            return false;
        lock (state)
            return state.IsAcked(seq);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SaveAsync(CancellationToken.None);
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

    /// <summary>Saves what changed; what cannot be saved is tried again.</summary>
    internal async Task SaveAsync(CancellationToken cancellationToken)
    {
        foreach (var state in _saved)
            Forget(state);
        _saved = [];
        var dirty = _states.Values.Where(s => s.IsDirty).ToList();
        if (dirty.Count == 0)
            return;
        foreach (var state in dirty)
        {
            lock (state)
                state.IsDirty = false;
        }

        try
        {
            await store.SaveAsync(dirty, cancellationToken);
            _saved = dirty;
        }
#pragma warning disable CA1031 // positions are a convenience: the next run tries again
        catch (Exception fault)
#pragma warning restore CA1031
        {
            DeliveryLog.PositionsNotSaved(logger, fault, dirty.Count);
            foreach (var state in dirty)
            {
                lock (state)
                    state.IsDirty = true;
            }
        }
    }

    private void Change(long conversationId, long userId, long seq, Action<AckState, long> change)
    {
        while (true)
        {
            var state = _states.GetOrAdd((conversationId, userId), static key => new AckState(key.UserId, key.ConversationId));
            lock (state)
            {
                if (state.IsGone)
                    continue;
                change(state, seq);
                return;
            }
        }
    }

    /// <summary>The store has all that the state knows: unless it changed meanwhile, it need not be kept.</summary>
    private void Forget(AckState state)
    {
        lock (state)
        {
            if (state.IsDirty || (state.HasRuns && _states.Count < MaxKept))
                return;
            state.IsGone = true;
            _states.TryRemove((state.ConversationId, state.UserId), out _);
        }
    }
}
