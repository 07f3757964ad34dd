using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>SYNC: reads from the log what a client missed (docs/protocol.md, section 4).</summary>
internal sealed class SyncService(IMessageHistory history, AckTable acks, AckSaver saver)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 500;
    private const int MaxConversations = 100;

    /// <summary>Conversations with unread messages that are looked at in one read.</summary>
    private const int ConversationsPerRead = 100;

    public async ValueTask HandleAsync(Session session, SyncRequest request)
    {
        var limit = request.Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit || request.After?.Count > MaxConversations)
        {
            session.Connection.SendError(ErrorWords.BadSync, $"limit is 1 to {MaxLimit}, and at most {MaxConversations} conversations are asked for.");
            return;
        }

        if (request.After is null && session.IsGuest)
        {
            RefuseGuest(session);
            return;
        }

        var page = new SyncPage(limit);
        if (request.After is null)
            await ReadUnackedAsync(session.AppId, session.UserId, page);
        else if (!await ReadAfterAsync(session, request.After, page))
            return;
        page.SendTo(session);
    }

    /// <summary>Every one-to-one message from others that the user has not acked.</summary>
    internal async ValueTask ReadUnackedAsync(long appId, long userId, SyncPage page)
    {
        var passed = 0;
        IReadOnlyList<UnreadConversation> unread = [];
        do
        {
            var after = unread.Count > 0 ? unread[^1].Id : 0;
            unread = await history.ListUnreadAsync(appId, userId, after, ConversationsPerRead, CancellationToken.None);
            foreach (var conversation in unread.TakeWhile(_ => !page.IsFull))
            {
                if (!await TryReadUnackedAsync(userId, conversation, page))
                    passed++;
            }
        }
        while (unread.Count == ConversationsPerRead && !page.IsFull);
        // Else each page of a client that pulls and acks would pass by all of its pages before.
        if (passed >= ConversationsPerRead)
            saver.SaveSoon();
    }

    /// <summary>False when all of it was acked meanwhile.</summary>
    private async ValueTask<bool> TryReadUnackedAsync(long userId, UnreadConversation conversation, SyncPage page)
    {
        var (id, last) = (conversation.Id, conversation.LastSeq);
        var (from, to) = acks.NextUnacked(id, userId, acks.Position(id, userId, conversation.AckedSeq));
        if (from > last)
            return false;
        while (from <= last && !page.IsFull)
        {
            to = Math.Min(to, last);
            // One when the page is full: it tells whether there is more.
            var (messages, isWhole) = await history.ReadFromOthersAsync(
                conversation, userId, from, to, Math.Max(1, page.CountLeft), page.BytesLeft, CancellationToken.None);
            from = AddFromOthers(userId, id, messages, from, page);
            if (isWhole && !page.IsFull)
            {
                acks.Mark(id, userId, from, to);
                from = to + 1;
            }

            (from, to) = acks.NextUnacked(id, userId, from - 1);
        }

        return true;
    }

    /// <summary>
    /// Adds messages, of which <paramref name="from"/> is the first seq that was asked for; returns the seq to go on from.
    /// What lies between them is the user's own, or gone by its age: it counts as acked, so that the position does not
    /// stop at it.
    /// </summary>
    private long AddFromOthers(long userId, long conversationId, IReadOnlyList<StoredMessage> messages, long from, SyncPage page)
    {
        foreach (var message in messages)
        {
            acks.Mark(conversationId, userId, from, message.Seq - 1);
            from = message.Seq;
            if (!page.TryAdd(message))
                break;
            from++;
        }

        return from;
    }

    private async ValueTask<bool> ReadAfterAsync(Session session, IReadOnlyDictionary<string, long> after, SyncPage page)
    {
        List<(ConversationKey Key, long After)> asked = [];
        foreach (var (name, seq) in after)
        {
            if (seq < 0 || !ConversationKey.TryParse(session.AppId, name, out var key))
            {
                session.Connection.SendError(ErrorWords.BadSync, $"'{Shorten(name)}' is not a conversation with a seq.");
                return false;
            }

            if (!key.IsRoom && session.IsGuest)
            {
                RefuseGuest(session);
                return false;
            }

            if (key.IsRoom ? !session.Memberships.MayRead(key) : !key.HasParticipant(session.UserId))
            {
                session.Connection.SendError(
                    key.IsRoom ? ErrorWords.NotJoined : ErrorWords.Forbidden, $"'{name}' is not yours to read.", roomId: key.IsRoom ? key.Low : null);
                return false;
            }

            asked.Add((key, seq));
        }

        // All at once: a store that is elsewhere looks for all of them in one go.
        var newest = await Task.WhenAll(asked.Select(a => history.NewestSeqAsync(a.Key, CancellationToken.None).AsTask()));
        foreach (var ((key, seq), last) in asked.Zip(newest).TakeWhile(_ => !page.IsFull))
            await ReadConversationAsync(key, seq, last, page);

        return true;
    }

    private async ValueTask ReadConversationAsync(ConversationKey key, long after, long newest, SyncPage page)
    {
        while (after < newest && !page.IsFull)
        {
            // One when the page is full: it tells whether there is more.
            var (messages, _) = await history.ReadAsync(key, after, Math.Max(1, page.CountLeft), page.BytesLeft, CancellationToken.None);
            var first = messages.Count > 0 ? messages[0].Seq : newest + 1;
            // Seqs have no gap: what is missing was taken by retention.
            if (first > after + 1)
                page.Truncate(key.Name, first);
            if (messages.Count == 0 || !messages.All(page.TryAdd))
                return;
            after = messages[^1].Seq;
        }
    }

    private static void RefuseGuest(Session session) => session.Connection.SendError(ErrorWords.Guest, "Guests have no one-to-one conversations.");

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64];
}
