using Npgsql;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Acked positions on PostgreSQL.</summary>
internal sealed class PostgresPositionStore(PostgresDatabase database) : IPositionStore
{
    public Task SaveAsync(IReadOnlyList<IPositionUpdate> updates, CancellationToken cancellationToken) =>
        updates.Count == 0 ? Task.CompletedTask : database.WriteAsync(connection => SaveAsync(connection, updates), cancellationToken);

    public ValueTask<long> CountFromOthersAsync(long conversationId, long userId, long from, long to, int limit, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            await using var command = connection.Command(PositionSql.CountFromOthers, conversationId, from, to, userId, (long)limit);
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        },
        cancellationToken);

    private static async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<IPositionUpdate> updates)
    {
        // Only acks beyond a hole depend on what is stored. Then all are taken, so that all are taken in one order.
        var isTaken = updates.Any(u => u.HasRuns);
        var stored = isTaken ? await TakeAsync(connection, [.. updates.Select(PositionOf).Distinct().Order()]) : [];
        SortedDictionary<(long UserId, long ConversationId), long> raised = [];
        foreach (var update in updates)
        {
            var position = PositionOf(update);
            var before = raised.GetValueOrDefault(position, stored.GetValueOrDefault(position));
            var seq = update.Merge(update.HasRuns ? before : 0);
            if (seq > before)
                raised[position] = seq;
        }

        if (raised.Count > 0)
            await RaiseAsync(connection, raised);
    }

    private static (long UserId, long ConversationId) PositionOf(IPositionUpdate update) => (update.UserId, update.ConversationId);

    private static async Task<Dictionary<(long UserId, long ConversationId), long>> TakeAsync(
        NpgsqlConnection connection, (long UserId, long ConversationId)[] positions)
    {
        Dictionary<(long, long), long> stored = [];
        await using var command = connection.Command(PositionSql.Take, Users(positions), Conversations(positions));
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            stored[(rows.GetInt64(0), rows.GetInt64(1))] = rows.GetInt64(2);
        return stored;
    }

    private static async Task RaiseAsync(NpgsqlConnection connection, SortedDictionary<(long UserId, long ConversationId), long> raised)
    {
        var (users, conversations, seqs) = (Users(raised.Keys), Conversations(raised.Keys), raised.Values.ToArray());
        await using var batch = connection.CreateBatch();
        batch.Add(PositionSql.Begin);
        batch.Add(PositionSql.Raise, users, conversations, seqs);
        batch.Add(PositionSql.RemoveUnread, users, conversations, seqs);
        await batch.ExecuteNonQueryAsync();
    }

    private static long[] Users(IEnumerable<(long UserId, long ConversationId)> positions) => [.. positions.Select(p => p.UserId)];

    private static long[] Conversations(IEnumerable<(long UserId, long ConversationId)> positions) => [.. positions.Select(p => p.ConversationId)];
}
