using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Reads of the message log. Every node writes to it: what was read is not remembered, but for what cannot change, and what is
/// asked for at once is read at once.
/// </summary>
internal sealed class PostgresMessageHistory : IMessageHistory
{
    private readonly PostgresDatabase _database;
    private readonly GatheredReads<ConversationKey, ConversationRow> _byKey;
    private readonly GatheredReads<long, ConversationRow> _byId;
    private readonly ConversationMemory<bool> _begun = new();

    public PostgresMessageHistory(PostgresDatabase database)
    {
        _database = database;
        _byKey = new(ReadByKeysAsync);
        _byId = new(ReadByIdsAsync);
    }

    public async ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken) =>
        (await _byKey.FindAsync(key, cancellationToken))?.LastSeq ?? 0;

    public async ValueTask<bool> HasBegunAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (_begun.TryFind(key, out _))
            return true;
        if (await NewestSeqAsync(key, cancellationToken) == 0)
            return false;
        _begun.Note(key, true);
        return true;
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken) =>
        await _byId.FindAsync(conversationId, cancellationToken);

    public async ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await _byKey.FindAsync(key, cancellationToken);

    public ValueTask<MessagePage> ReadAsync(ConversationKey key, long after, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        ReadAsync(key, ConversationSql.After, cancellationToken, key.AppId, (short)key.Kind, key.Low, key.High, after, (long)maxCount, (long)maxBytes);

    public ValueTask<MessagePage> ReadFromOthersAsync(
        UnreadConversation conversation, long userId, long from, long to, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        ReadAsync(conversation.Key, ConversationSql.FromOthers, cancellationToken, conversation.Id, from, to, userId, (long)maxCount, (long)maxBytes);

    public ValueTask<long> FindStartAsync(ConversationKey key, long newest, int maxCount, int maxBytes, CancellationToken cancellationToken) => _database.ReadAsync(
        async connection =>
        {
            await using var command = connection.Command(
                ConversationSql.Start, key.AppId, (short)key.Kind, key.Low, key.High, newest, newest - maxCount, (long)maxBytes);
            return await command.ExecuteScalarAsync(cancellationToken) is long start ? start : newest;
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<UnreadConversation>> ListUnreadAsync(long appId, long userId, long afterId, int limit, CancellationToken cancellationToken) => _database.ReadAsync(
        async connection =>
        {
            await using var command = connection.Command(ConversationSql.Unread, appId, userId, afterId, limit);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            List<UnreadConversation> unread = [];
            while (await rows.ReadAsync(cancellationToken))
                unread.Add(new UnreadConversation(rows.GetInt64(0), ConversationKey.Direct(appId, rows.GetInt64(1), rows.GetInt64(2)), rows.GetInt64(3), rows.GetInt64(4)));
            return (IReadOnlyList<UnreadConversation>)unread;
        },
        cancellationToken);

    private ValueTask<MessagePage> ReadAsync(ConversationKey key, string sql, CancellationToken cancellationToken, params object[] values) => _database.ReadAsync(
        async connection =>
        {
            await using var command = connection.Command(sql, values);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            List<StoredMessage> messages = [];
            var total = 0L;
            while (await rows.ReadAsync(cancellationToken))
            {
                messages.Add(MessageRows.ToMessage(rows, key));
                total = rows.GetInt64(6);
            }

            return new MessagePage(messages, IsWhole: messages.Count == total);
        },
        cancellationToken);

    private async Task<IReadOnlyDictionary<ConversationKey, ConversationRow>> ReadByKeysAsync(IReadOnlyCollection<ConversationKey> keys) =>
        (await ReadRowsAsync(
            ConversationSql.ByKeys,
            keys.Select(k => k.AppId).ToArray(), keys.Select(k => (short)k.Kind).ToArray(), keys.Select(k => k.Low).ToArray(), keys.Select(k => k.High).ToArray()))
        .ToDictionary(row => row.Key);

    private async Task<IReadOnlyDictionary<long, ConversationRow>> ReadByIdsAsync(IReadOnlyCollection<long> ids) =>
        (await ReadRowsAsync(ConversationSql.ByIds, ids.ToArray())).ToDictionary(row => row.Id);

    private ValueTask<List<ConversationRow>> ReadRowsAsync(string sql, params object[] values) => _database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync();
        List<ConversationRow> found = [];
        while (await rows.ReadAsync())
        {
            var key = new ConversationKey(rows.GetInt64(1), (ConversationKind)rows.GetInt16(2), rows.GetInt64(3), rows.GetInt64(4));
            found.Add(new ConversationRow(rows.GetInt64(0), key, rows.GetInt64(5)));
        }

        return found;
    });
}
