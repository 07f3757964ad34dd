using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Acked positions on SQLite.</summary>
internal sealed class SqlitePositionStore(SqliteDatabase database, SqliteWriter writer, UnreadRows unread) : IPositionStore, IDisposable
{
    private PositionStatements? _statements;

    public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection =>
            {
                var statements = _statements ??= new PositionStatements(connection);
                foreach (var update in updates)
                    Save(update, statements, connection);
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

    private void Save(IPositionUpdate update, PositionStatements statements, SqliteConnection connection)
    {
        // Only acks beyond a hole depend on what is stored.
        var stored = update.HasRuns ? statements.Find(update.UserId, update.ConversationId) : 0;
        var seq = update.Merge(stored);
        if (seq <= stored)
            return;
        statements.Save(update.UserId, update.ConversationId, seq);
        unread.Remove(connection, update.UserId, update.ConversationId, seq);
    }
}
