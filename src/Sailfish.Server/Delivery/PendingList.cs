using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// What a session was pushed and has not acked, oldest first. Guarded by the outbox's lock of its connection. Most
/// sessions never have one.
/// </summary>
internal sealed class PendingList(TimeProvider time)
{
    /// <summary>Beyond this the oldest is left to SYNC.</summary>
    public const int Capacity = 1024;

    private readonly List<Pending> _items = [];

    public int Count => _items.Count;

    /// <summary>The session's list, made when first asked for.</summary>
    public static PendingList Of(Session session) => session.Pending ??= new PendingList(session.Connection.Time);

    public void Add(StoredMessage message, int resends = 0)
    {
        if (_items.Count == Capacity)
            _items.RemoveAt(0);
        _items.Add(new Pending(message, time.GetTimestamp(), resends));
    }

    /// <summary>Takes one message out; null when it is not here.</summary>
    public StoredMessage? Remove(long conversationId, long seq)
    {
        // Acks mostly come in the order of the pushes, so the search mostly ends at once.
        var index = _items.FindIndex(p => p.Message.Seq == seq && p.Message.ConversationId == conversationId);
        if (index < 0)
            return null;
        var message = _items[index].Message;
        _items.RemoveAt(index);
        return message;
    }

    /// <summary>Takes out all of a conversation up to a seq.</summary>
    public void RemoveUpTo(ConversationKey conversation, long seq)
    {
        var kept = 0;
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i].Message.Seq > seq || _items[i].Message.Conversation != conversation)
                _items[kept++] = _items[i];
        }

        _items.RemoveRange(kept, _items.Count - kept);
    }

    /// <summary>Takes out the oldest one when it has waited for <paramref name="timeout"/>.</summary>
    public bool TryTakeDue(TimeSpan timeout, out Pending due)
    {
        due = default;
        if (_items.Count == 0 || time.GetElapsedTime(_items[0].SentAt) < timeout)
            return false;
        due = _items[0];
        _items.RemoveAt(0);
        return true;
    }
}

/// <summary>A pushed message that waits for its ack.</summary>
/// <param name="Message">What was pushed.</param>
/// <param name="SentAt">When, as a timestamp of the time provider.</param>
/// <param name="Resends">How often it was sent again.</param>
internal readonly record struct Pending(StoredMessage Message, long SentAt, int Resends);
