using System.Collections.Concurrent;
using System.Threading.Channels;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Acks that the store does not have yet. They count at once; the store gets them behind, many in one transaction. A
/// crash loses at most the last second of them: then a message comes twice, with the same msgId.
/// </summary>
internal sealed class AckTable(IPositionStore store, TimeProvider time, ILogger<AckTable> logger) : BackgroundService
{
    /// <summary>States kept because of holes in them; above this the oldest go.</summary>
    private const int MaxKept = 50_000;

    /// <summary>Positions of one transaction: a message that comes meanwhile waits a millisecond for them.</summary>
    private const int PositionsPerSave = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(long ConversationId, long UserId), AckState> _states = new();
    private readonly ConcurrentQueue<AckState> _dirty = new();
    private readonly Queue<AckState> _kept = new();
    private readonly Channel<bool> _hurry = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Saved in this second and in the one before. Kept so long: a SYNC may have read the store just before that.</summary>
    private List<AckState> _saved = [];
    private List<AckState> _savedBefore = [];
    private long _secondBegan = time.GetTimestamp();

    /// <summary>States in memory.</summary>
    public int Count => _states.Count;

    public void Mark(long conversationId, long userId, long seq) => Mark(conversationId, userId, seq, seq);

    /// <summary>All from a seq up to another.</summary>
    public void Mark(long conversationId, long userId, long from, long to)
    {
        if (from <= to)
            Change(conversationId, userId, from, to, static (state, from, to) => state.Mark(from, to));
    }

    public void MarkUpTo(long conversationId, long userId, long seq) =>
        Change(conversationId, userId, 0, seq, static (state, _, seq) => state.MarkUpTo(seq));

    /// <summary>The position that counts, given the stored one.</summary>
    public long Position(long conversationId, long userId, long storedSeq) =>
        _states.TryGetValue((conversationId, userId), out var state) ? state.Merge(storedSeq) : storedSeq;

    /// <summary>The next seqs after one that are not acked, as far as is known without the store: the first, and the last of them.</summary>
    public (long From, long To) NextUnacked(long conversationId, long userId, long after)
    {
        if (!_states.TryGetValue((conversationId, userId), out var state))
            return (after + 1, long.MaxValue);
        lock (state)
            return state.NextUnacked(after);
    }

    /// <summary>Somebody reads past many acks that the store does not have yet: it should have them before the second is over.</summary>
    public void SaveSoon() => _hurry.Writer.TryWrite(true);

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
        if (time.GetElapsedTime(_secondBegan) >= Interval)
            ForgetSaved();
        for (var left = _dirty.Count; left > 0; left -= PositionsPerSave)
        {
            var states = TakeDirty(Math.Min(left, PositionsPerSave));
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

    private List<AckState> TakeDirty(int count)
    {
        List<AckState> states = new(count);
        while (states.Count < count && _dirty.TryDequeue(out var state))
        {
            // From here on a change lists it again.
            lock (state)
                state.IsDirty = false;
            states.Add(state);
        }

        return states;
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
            foreach (var state in states)
            {
                lock (state)
                    NoteDirty(state);
            }

            return false;
        }
    }

    private void Change(long conversationId, long userId, long from, long to, Func<AckState, long, long, bool> change)
    {
        while (true)
        {
            var state = _states.GetOrAdd((conversationId, userId), static key => new AckState(key.UserId, key.ConversationId));
            lock (state)
            {
                if (state.IsGone)
                    continue;
                if (change(state, from, to))
                    NoteDirty(state);
                else if (state is { UpTo: 0, HasRuns: false })
                    Remove(state);
                return;
            }
        }
    }

    /// <summary>The caller holds the state's lock.</summary>
    private void NoteDirty(AckState state)
    {
        if (state.IsDirty)
            return;
        state.IsDirty = true;
        _dirty.Enqueue(state);
    }

    private void ForgetSaved()
    {
        _savedBefore.ForEach(Forget);
        (_savedBefore, _saved) = (_saved, []);
        _secondBegan = time.GetTimestamp();
    }

    /// <summary>The store has all that the state knows: unless it changed meanwhile, or has holes, it need not be kept.</summary>
    private void Forget(AckState state)
    {
        lock (state)
        {
            if (!state.HasRuns && !state.IsDirty)
                Remove(state);
            else if (state is { HasRuns: true, IsKept: false })
                Keep(state);
        }

        while (_kept.Count > MaxKept)
            LetGo(_kept.Dequeue());
    }

    private void Keep(AckState state)
    {
        state.IsKept = true;
        _kept.Enqueue(state);
    }

    /// <summary>What was acked beyond the hole may come twice. What is to be saved comes by here again.</summary>
    private void LetGo(AckState state)
    {
        lock (state)
        {
            state.IsKept = false;
            if (!state.IsDirty)
                Remove(state);
        }
    }

    /// <summary>The caller holds the state's lock.</summary>
    private void Remove(AckState state)
    {
        state.IsGone = true;
        _states.TryRemove(new KeyValuePair<(long, long), AckState>((state.ConversationId, state.UserId), state));
    }
}
