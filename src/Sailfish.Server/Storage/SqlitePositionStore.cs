using Dapper;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage;

/// <summary>Acked positions on SQLite.</summary>
internal sealed class SqlitePositionStore(SqliteDatabase database, SqliteWriter writer) : IPositionStore
{
    public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            (connection, transaction) =>
            {
                foreach (var update in updates)
                {
                    var stored = connection.ExecuteScalar<long?>(
                        "SELECT acked_seq FROM position WHERE user_id = @UserId AND conversation_id = @ConversationId",
                        new { update.UserId, update.ConversationId }, transaction) ?? 0;
                    var seq = update.Merge(stored);
                    if (seq > stored)
                    {
                        connection.Execute(
                            """
                            INSERT INTO position (user_id, conversation_id, acked_seq) VALUES (@UserId, @ConversationId, @seq)
                            ON CONFLICT (user_id, conversation_id) DO UPDATE SET acked_seq = excluded.acked_seq WHERE excluded.acked_seq > acked_seq
                            """,
                            new { update.UserId, update.ConversationId, seq }, transaction);
                    }
                }
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<long>> ListForeignSeqsAsync(long conversationId, long userId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        var seqs = await connection.QueryAsync<long>(
            "SELECT seq FROM message WHERE conversation_id = @conversationId AND seq > @after AND sender_id <> @userId ORDER BY seq LIMIT @limit",
            new { conversationId, userId, after, limit });
        return [.. seqs];
    }
}
