using Sailfish.Protocol.Bodies;
using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>SYNC: reads from the log what a client missed (docs/protocol.md, section 4).</summary>
internal sealed class SyncService(IMessageLog log, AckTable acks)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 500;
    private const int MaxConversations = 100;

    public async ValueTask HandleAsync(Session session, SyncRequest request)
    {
        var limit = request.Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit || request.After?.Count > MaxConversations)
        {
            session.Connection.SendError(ErrorWords.BadSync, $"limit is 1 to {MaxLimit}, and at most {MaxConversations} conversations are asked for.");
            return;
        }

        var page = new SyncPage(limit);
        var isAllowed = request.After is null
            ? await ReadUnackedAsync(session, page)
            : await ReadAfterAsync(session, request.After, page);
        if (isAllowed)
            page.SendTo(session);
    }

    /// <summary>Every one-to-one message from others that the user has not acked.</summary>
    private async ValueTask<bool> ReadUnackedAsync(Session session, SyncPage page)
    {
        foreach (var row in await log.ListBehindAsync(session.AppId, session.UserId, CancellationToken.None))
        {
            var position = acks.Position(row.Id, session.UserId, row.AckedSeq);
            await ReadConversationAsync(row.Key, position, row.LastSeq, page, message =>
            {
                if (message.SenderId == session.UserId)
                {
                    // Known to its sender. Marked here too, so that the position does not stop at it after a crash.
                    acks.Mark(row.Id, session.UserId, message.Seq);
                    return false;
                }

                return !acks.IsAcked(row.Id, session.UserId, message.Seq);
            });
            if (page.IsFull)
                break;
        }

        return true;
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

            if (key.IsRoom ? !session.Rooms.MayRead(key) : !key.HasParticipant(session.UserId))
            {
                session.Connection.SendError(
                    key.IsRoom ? ErrorWords.NotJoined : ErrorWords.Forbidden, $"'{name}' is not yours to read.", roomId: key.IsRoom ? key.Low : null);
                return false;
            }

            asked.Add((key, seq));
        }

        foreach (var (key, seq) in asked)
        {
            var newest = await log.NewestSeqAsync(key, CancellationToken.None);
            if (seq >= newest)
                continue;
            await ReadConversationAsync(key, seq, newest, page, static _ => true, page.Truncate);
            if (page.IsFull)
                break;
        }

        return true;
    }

    private async ValueTask ReadConversationAsync(
        ConversationKey key, long after, long newest, SyncPage page, Func<StoredMessage, bool> isWanted, Action<string, long>? tellMissing = null)
    {
        while (after < newest && !page.IsFull)
        {
            var messages = await log.ReadAsync(key, after, page.Limit + 1, CancellationToken.None);
            var first = messages.Count > 0 ? messages[0].Seq : newest + 1;
            // Seqs have no gap: what is missing was taken by retention.
            if (first > after + 1)
                tellMissing?.Invoke(key.Name, first);
            if (messages.Count == 0)
                return;
            foreach (var message in messages.Where(isWanted))
            {
                if (!page.TryAdd(message))
                    return;
            }

            after = messages[^1].Seq;
        }
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64];
}
