using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Deletes messages past their age in small transactions, so that nobody's message waits long behind one.</summary>
internal sealed class Retention(
    SqliteDatabase database, SqliteWriter writer, RecentMessages recent, UnreadRows unread, IOptions<StorageOptions> options, TimeProvider time, ILogger<Retention> logger)
    : RepeatedWork(TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds), time, beginsAtOnce: true)
{
    /// <summary>The newest that are kept of what the content check found, whatever their age.</summary>
    private const int MaxRiskRecords = 100_000;
    private const int RecordsPerDelete = 500;

    private RetentionStatements? _statements;

    public override void Dispose()
    {
        _statements?.Dispose();
        base.Dispose();
    }

    protected override async Task DoAsync(CancellationToken cancellationToken)
    {
        var count = await RunOnceAsync(cancellationToken);
        if (count > 0)
            StorageLog.Retained(logger, count, options.Value.RetentionDays);
    }

    protected override void Failed(Exception fault) => StorageLog.RetentionFailed(logger, fault);

    /// <summary>Deletes all that is too old; returns how many messages that were.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var days = options.Value.RetentionDays;
        var now = Time.GetUtcNow();
        var before = days == 0 ? 0 : now.AddDays(-days).ToUnixTimeMilliseconds();
        await DeleteRecordsAsync(before, cancellationToken);
        return days == 0 ? 0 : await DeleteMessagesAsync(before, now.ToUnixTimeMilliseconds(), cancellationToken);
    }

    private async Task<int> DeleteMessagesAsync(long before, long now, CancellationToken cancellationToken)
    {
        var total = 0;
        for (long after = 0; await FindAsync(after, before, now) is { } window; after = window.Last)
        {
            await writer.WriteAsync(
                connection => total += Delete(window.After, window.Last, before, connection), cancellationToken);
        }

        return total;
    }

    private async Task<(long After, long Last)?> FindAsync(long after, long before, long now)
    {
        await using var connection = await database.OpenReaderAsync();
        return new OldMessages(connection, before, now).Next(after);
    }

    private int Delete(long after, long last, long before, SqliteConnection connection)
    {
        var deleted = connection.Query<(long ConversationId, long Seq)>(
            "DELETE FROM message WHERE id > @after AND id <= @last AND created_at < @before RETURNING conversation_id, seq",
            new { after, last, before }).AsList();
        foreach (var rows in deleted.GroupBy(r => r.ConversationId, r => r.Seq))
            MoveOn(rows.Key, rows, connection);
        return deleted.Count;
    }

    /// <summary>Memory must not have what the store has not, and nobody must wait for it.</summary>
    private void MoveOn(long conversationId, IEnumerable<long> seqs, SqliteConnection connection)
    {
        var (appId, kind, low, high) = connection.QuerySingleOrDefault<(long, long, long, long)>(
            "SELECT app_id, kind, low, high FROM conversation WHERE id = @conversationId", new { conversationId });
        var key = new ConversationKey(appId, (ConversationKind)kind, low, high);
        if (key.IsRoom)
        {
            recent.Remove(key, seqs);
            return;
        }

        var statements = _statements ??= new RetentionStatements(connection);
        var first = statements.FirstSeq(conversationId);
        foreach (var user in new[] { low, high })
        {
            unread.Remove(connection, user, conversationId, first - 1);
            statements.RaisePosition(user, conversationId, first - 1);
        }
    }

    private async Task DeleteRecordsAsync(long before, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            deleted = 0;
            await writer.WriteAsync(
                connection => deleted = connection.Execute(
                    """
                    DELETE FROM risk_record WHERE id IN (SELECT id FROM risk_record ORDER BY id LIMIT @RecordsPerDelete)
                      AND (created_at < @before OR id <= (SELECT max(id) FROM risk_record) - @MaxRiskRecords)
                    """,
                    new { before, RecordsPerDelete, MaxRiskRecords }),
                cancellationToken);
        }
        while (deleted == RecordsPerDelete);
    }
}
