using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>
/// How far one-to-one conversations were lately delivered here. What is acked was mostly delivered a moment before: then nobody
/// has to ask a log that other nodes append to whether it is there.
/// </summary>
internal sealed class DeliveredConversations
{
    private readonly ConversationMemory<(long Id, long Seq)> _delivered = new();

    /// <summary>The dispatcher's loop's.</summary>
    public void Note(StoredMessage message)
    {
        if (!_delivered.TryFind(message.Conversation, out var before) || before.Seq < message.Seq)
            _delivered.Note(message.Conversation, (message.ConversationId, message.Seq));
    }

    /// <summary>The conversation's row, when all up to a seq is known to be committed.</summary>
    public bool TryFind(in ConversationKey key, long upTo, out long conversationId)
    {
        var isFound = _delivered.TryFind(key, out var delivered) && upTo <= delivered.Seq;
        conversationId = delivered.Id;
        return isFound;
    }

    /// <summary>The store may have lost what was delivered.</summary>
    public void Forget() => _delivered.Clear();
}
