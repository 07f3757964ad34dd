using Dapper;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Acked positions on SQLite.</summary>
internal sealed class SqlitePositionStore(SqliteDatabase database, SqliteWriter writer, WaitingRows waiting) : IPositionStore, IDisposable
{
    private PositionStatements? _statements;

    public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection =>
            {
                var statements = _statements ??= new PositionStatements(connection, waiting);
                foreach (var update in updates)
                    Save(update, statements);
            },
            cancellationToken);

    public async ValueTask<long> CountFromOthersAsync(long conversationId, long userId, long from, long to, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.ExecuteScalarAsync<long>(
            """
            SELECT count(*) FROM (
              SELECT 1 FROM message WHERE conversation_id = @conversationId AND seq BETWEEN @from AND @to AND sender_id <> @userId LIMIT @limit)
            """,
            new { conversationId, userId, from, to, limit });
    }

    public void Dispose() => _statements?.Dispose();

    private static void Save(IPositionUpdate update, PositionStatements statements)
    {
        // Only acks beyond a hole depend on what is stored.
        var stored = update.HasRuns ? statements.Find(update.UserId, update.ConversationId) : 0;
        var seq = update.Merge(stored);
        if (seq > stored)
            statements.Save(update.UserId, update.ConversationId, seq);
    }
}
