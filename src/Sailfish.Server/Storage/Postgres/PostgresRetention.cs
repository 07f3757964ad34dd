using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Deletes messages past their age, by the database's clock, in small transactions. One node does it at a time: the first that
/// comes to it.
/// </summary>
internal sealed class PostgresRetention(
    PostgresDatabase database, ILeader leader, NodeLease lease, IOptions<StorageOptions> options, TimeProvider time, ILogger<PostgresRetention> logger)
    : RepeatedWork(TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds), time, beginsAtOnce: true)
{
    public const string Lead = "retention";

    /// <summary>Some hundredths of a second of the database, and of whoever acks one of these conversations meanwhile.</summary>
    private const int MessagesPerDelete = 5000;

    /// <summary>The newest that are kept of what the content check found, whatever their age.</summary>
    private const int MaxRiskRecords = 100_000;
    private const int RecordsPerDelete = 500;

    protected override async Task DoAsync(CancellationToken cancellationToken)
    {
        var count = await RunOnceAsync(cancellationToken);
        if (count > 0)
            PostgresLog.Retained(logger, count, options.Value.RetentionDays);
    }

    protected override void Failed(Exception fault) => PostgresLog.RetentionFailed(logger, fault);

    /// <summary>Deletes all that is too old; returns how many messages that were.</summary>
    internal async Task<long> RunOnceAsync(CancellationToken cancellationToken)
    {
        await DeleteRecordsAsync(cancellationToken);
        return options.Value.RetentionDays == 0 ? 0 : await DeleteMessagesAsync(cancellationToken);
    }

    private async Task<long> DeleteMessagesAsync(CancellationToken cancellationToken)
    {
        // Each step takes the lead again: together they may take longer than it lasts.
        var (total, step) = (0L, new Step(MessagesPerDelete, DateTime.UnixEpoch));
        while (step.Count == MessagesPerDelete && await leader.TryLeadAsync(Lead, cancellationToken))
        {
            var from = step.Last;
            step = await database.WriteAsync(connection => DeleteMessagesAsync(connection, from), cancellationToken);
            total += step.Count;
        }

        return total;
    }

    private async Task<Step> DeleteMessagesAsync(NpgsqlConnection connection, DateTime from)
    {
        var deleted = await connection.ListAsync(
            row => (Conversation: row.GetInt64(0), Count: row.GetInt64(1), Last: row.GetDateTime(2)),
            RetentionSql.DeleteMessages, from, options.Value.RetentionDays, MessagesPerDelete, lease.Generation);
        if (deleted.Count == 0)
            return new Step(0, from);
        await MoveOnAsync(connection, [.. deleted.Select(d => d.Conversation)]);
        return new Step(deleted.Sum(d => d.Count), deleted.Max(d => d.Last));
    }

    /// <summary>What is gone counts as acked, and waits for nobody.</summary>
    private static async Task MoveOnAsync(NpgsqlConnection connection, long[] conversations)
    {
        var gone = await connection.ListAsync(row => (User: row.GetInt64(0), Conversation: row.GetInt64(1), Seq: row.GetInt64(2)), RetentionSql.Gone, (object)conversations);
        long[] users = [.. gone.Select(g => g.User)], rows = [.. gone.Select(g => g.Conversation)], seqs = [.. gone.Select(g => g.Seq)];
        // In the order in which positions are saved.
        await using var batch = connection.CreateBatch();
        batch.Add(PositionSql.RaiseKnown, users, rows, seqs);
        batch.Add(PositionSql.RemoveUnread, users, rows, seqs);
        await batch.ExecuteNonQueryAsync();
    }

    private async Task DeleteRecordsAsync(CancellationToken cancellationToken)
    {
        var days = options.Value.RetentionDays;
        var before = days == 0 ? 0 : Time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds();
        var deleted = RecordsPerDelete;
        while (deleted == RecordsPerDelete && await leader.TryLeadAsync(Lead, cancellationToken))
        {
            deleted = await database.WriteAsync(
                connection => connection.ExecuteAsync(RetentionSql.DeleteRisks, before, (long)MaxRiskRecords, (long)RecordsPerDelete, lease.Generation), cancellationToken);
        }
    }

    /// <param name="Count">Messages that were deleted.</param>
    /// <param name="Last">When the last of them was stored.</param>
    private readonly record struct Step(long Count, DateTime Last);
}
