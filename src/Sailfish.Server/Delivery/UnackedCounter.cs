using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>How many messages wait for a user.</summary>
internal sealed class UnackedCounter(IMessageHistory history, IPositionStore positions, AckTable acks)
{
    /// <summary>Counting ends here in each conversation.</summary>
    private const int MaxCount = 10_000;

    /// <summary>And with so many of them.</summary>
    private const int MaxConversations = 1_000;

    /// <summary>By conversation, those that have any.</summary>
    public async ValueTask<Dictionary<string, long>> CountAsync(UserKey user, CancellationToken cancellationToken)
    {
        Dictionary<string, long> counts = [];
        IReadOnlyList<UnreadConversation> unread = [];
        do
        {
            var after = unread.Count > 0 ? unread[^1].Id : 0;
            unread = await history.ListUnreadAsync(user.AppId, user.UserId, after, MaxConversations, cancellationToken);
            foreach (var conversation in unread.TakeWhile(_ => counts.Count < MaxConversations))
            {
                if (await CountAsync(user.UserId, conversation, cancellationToken) is > 0 and var count)
                    counts[conversation.Key.Name] = count;
            }
        }
        while (unread.Count == MaxConversations && counts.Count < MaxConversations);
        return counts;
    }

    private async ValueTask<long> CountAsync(long userId, UnreadConversation conversation, CancellationToken cancellationToken)
    {
        var count = 0L;
        var after = acks.Position(conversation.Id, userId, conversation.AckedSeq);
        while (count < MaxCount)
        {
            var (from, to) = acks.NextUnacked(conversation.Id, userId, after);
            if (from > conversation.LastSeq)
                break;
            after = Math.Min(to, conversation.LastSeq);
            count += await positions.CountFromOthersAsync(conversation.Id, userId, from, after, MaxCount - (int)count, cancellationToken);
        }

        return count;
    }
}
