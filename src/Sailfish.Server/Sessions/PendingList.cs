using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>
/// What a session was pushed and has not acked, oldest first, as a ring: the oldest goes with each push into a full list.
/// Reached through Session.Scope alone. Most sessions never have one.
/// </summary>
internal sealed class PendingList(TimeProvider time)
{
    /// <summary>Beyond this the oldest is left to SYNC.</summary>
    public const int Capacity = 1024;

    private const int SmallestRing = 4;

    /// <summary>A ring that large is not kept for nothing.</summary>
    private const int LargestKept = 64;

    /// <summary>Its length is a power of two.</summary>
    private Pending[] _ring = [];
    private int _head;

    public int Count { get; private set; }

    public void Add(StoredMessage message, int resends = 0)
    {
        if (Count == Capacity)
            RemoveFirst();
        if (Count == _ring.Length)
            Grow();
        Count++;
        At(Count - 1) = new Pending(message, time.GetTimestamp(), resends);
    }

    /// <summary>Takes one message out; null when it is not here.</summary>
    public StoredMessage? Remove(long conversationId, long seq)
    {
        // Acks mostly come in the order of the pushes, so the search mostly ends at once.
        for (var i = 0; i < Count; i++)
        {
            var message = At(i).Message;
            if (message.Seq != seq || message.ConversationId != conversationId)
                continue;
            RemoveAt(i);
            return message;
        }

        return null;
    }

    /// <summary>Takes out all of a conversation up to a seq.</summary>
    public void RemoveUpTo(ConversationKey conversation, long seq)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (At(i).Message.Seq > seq || At(i).Message.Conversation != conversation)
                At(kept++) = At(i);
        }

        for (var i = kept; i < Count; i++)
            At(i) = default;
        Count = kept;
        Shrink();
    }

    /// <summary>Takes out the oldest one when it has waited for <paramref name="timeout"/>.</summary>
    public bool TryTakeDue(TimeSpan timeout, out Pending due)
    {
        due = default;
        if (Count == 0 || time.GetElapsedTime(At(0).SentAt) < timeout)
            return false;
        due = At(0);
        RemoveFirst();
        return true;
    }

    private ref Pending At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>Those before it move up; there are few.</summary>
    private void RemoveAt(int index)
    {
        for (var i = index; i > 0; i--)
            At(i) = At(i - 1);
        RemoveFirst();
    }

    private void RemoveFirst()
    {
        At(0) = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        Shrink();
    }

    private void Grow()
    {
        var larger = new Pending[Math.Max(SmallestRing, _ring.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = At(i);
        (_ring, _head) = (larger, 0);
    }

    private void Shrink()
    {
        if (Count == 0 && _ring.Length > LargestKept)
            (_ring, _head) = ([], 0);
    }
}

/// <summary>A pushed message that waits for its ack.</summary>
/// <param name="Message">What was pushed.</param>
/// <param name="SentAt">When, as a timestamp of the time provider.</param>
/// <param name="Resends">How often it was sent again.</param>
internal readonly record struct Pending(StoredMessage Message, long SentAt, int Resends);
