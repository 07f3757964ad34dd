using Dapper;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Reads of the message log: from memory where it has what is asked for, else from SQLite.</summary>
internal sealed class SqliteMessageHistory(SqliteDatabase database, ConversationTable conversations, RecentMessages recent) : IMessageHistory
{
    private const string Select = "SELECT id AS Id, app_id AS AppId, kind AS Kind, low AS Low, high AS High, last_seq AS LastSeq FROM conversation ";

    public async ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken) =>
        conversations.FindWritten(key) is { } state ? state.CommittedSeq : (await FindConversationAsync(key, cancellationToken))?.LastSeq ?? 0;

    public async ValueTask<bool> HasBegunAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await NewestSeqAsync(key, cancellationToken) > 0;

    public async ValueTask<MessagePage> ReadAsync(ConversationKey key, long after, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        if (key.IsRoom && conversations.FindWritten(key) is { } state
            && recent.TryRead(key, after, maxCount, maxBytes, state.CommittedSeq) is { } page)
            return page;
        await using var connection = await database.OpenReaderAsync();
        return MessageRows.After(connection, key, after, maxCount, maxBytes);
    }

    public async ValueTask<long> FindStartAsync(ConversationKey key, long newest, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        if (key.IsRoom && recent.TryFindStart(key, newest, maxCount, maxBytes) is { } start)
            return start;
        await using var connection = await database.OpenReaderAsync();
        return MessageRows.FindStart(connection, key, newest, maxCount, maxBytes);
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken)
    {
        if (!conversations.Ids.CanExist(conversationId))
            return null;
        if (!conversations.Ids.TryFind(conversationId, out var key))
        {
            await using var connection = await database.OpenReaderAsync();
            var row = await connection.QuerySingleOrDefaultAsync<StoredConversation>(Select + "WHERE id = @conversationId", new { conversationId });
            if (row is null)
                return null;
            key = row.Key;
            conversations.Ids.Note(conversationId, key);
        }

        return await FindConversationAsync(key, cancellationToken);
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (conversations.TryFind(key, out var known))
            return known;
        var era = conversations.Era;
        await using var connection = await database.OpenReaderAsync();
        var stored = await connection.QuerySingleOrDefaultAsync<StoredConversation>(
            Select + "WHERE app_id = @AppId AND kind = @Kind AND low = @Low AND high = @High", key);
        var row = stored is null ? null : new ConversationRow(stored.Id, key, stored.LastSeq);
        conversations.Note(key, era, row);
        return row;
    }

    public async ValueTask<IReadOnlyList<UnreadConversation>> ListUnreadAsync(long appId, long userId, long afterId, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        var rows = await connection.QueryAsync<StoredUnread>(
            """
            SELECT u.conversation_id AS Id, c.low AS Low, c.high AS High,
                   CASE u.user_id WHEN c.low THEN c.seq_for_low ELSE c.seq_for_high END AS LastSeq, coalesce(p.acked_seq, 0) AS AckedSeq
            FROM unread u CROSS JOIN conversation c ON c.id = u.conversation_id
            LEFT JOIN position p ON p.user_id = u.user_id AND p.conversation_id = u.conversation_id
            WHERE u.app_id = @appId AND u.user_id = @userId AND u.conversation_id > @afterId
            ORDER BY u.conversation_id LIMIT @limit
            """,
            new { appId, userId, afterId, limit });
        List<UnreadConversation> unread = [.. rows.Select(r => new UnreadConversation(r.Id, ConversationKey.Direct(appId, r.Low, r.High), r.LastSeq, r.AckedSeq))];
        if (unread.Count > 0)
            conversations.Ids.Raise(unread[^1].Id);
        return unread;
    }

    public async ValueTask<MessagePage> ReadFromOthersAsync(
        UnreadConversation conversation, long userId, long from, long to, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        return MessageRows.FromOthers(connection, conversation, userId, (from, to), maxCount, maxBytes);
    }

    private sealed record StoredConversation
    {
        public long Id { get; init; }

        public long AppId { get; init; }

        public long Kind { get; init; }

        public long Low { get; init; }

        public long High { get; init; }

        public long LastSeq { get; init; }

        public ConversationKey Key => new(AppId, (ConversationKind)Kind, Low, High);
    }

    private sealed record StoredUnread
    {
        public long Id { get; init; }

        public long Low { get; init; }

        public long High { get; init; }

        public long LastSeq { get; init; }

        public long AckedSeq { get; init; }
    }
}
