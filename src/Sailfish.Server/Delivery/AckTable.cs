using System.Collections.Concurrent;

namespace Sailfish.Server.Delivery;

/// <summary>Acks that the store does not have yet. They count at once; <see cref="AckSaver"/> brings them to the store.</summary>
internal sealed class AckTable
{
    /// <summary>States kept because of holes in them; above this the oldest go.</summary>
    private const int MaxKept = 50_000;

    private readonly ConcurrentDictionary<(long ConversationId, long UserId), AckState> _states = new();
    private readonly ConcurrentQueue<AckState> _dirty = new();
    private readonly Queue<AckState> _kept = new();

    /// <summary>States in memory.</summary>
    public int Count => _states.Count;

    /// <summary>Those that are to be saved.</summary>
    public int DirtyCount => _dirty.Count;

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

    /// <summary>The next states to save, at most so many; the saver's.</summary>
    public List<AckState> TakeDirty(int count)
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

    /// <summary>They were not saved: they are to be again. The saver's.</summary>
    public void PutBack(List<AckState> states)
    {
        foreach (var state in states)
        {
            lock (state)
                NoteDirty(state);
        }
    }

    /// <summary>
    /// The store has all that the states knew when they were saved: unless they changed meanwhile, or have holes, they need
    /// not be kept. The saver's.
    /// </summary>
    public void Forget(List<AckState> saved)
    {
        foreach (var state in saved)
            Forget(state);
        while (_kept.Count > MaxKept)
            LetGo(_kept.Dequeue());
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

    private void Forget(AckState state)
    {
        lock (state)
        {
            if (!state.HasRuns && !state.IsDirty)
                Remove(state);
            else if (state is { HasRuns: true, IsKept: false })
                Keep(state);
        }
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
