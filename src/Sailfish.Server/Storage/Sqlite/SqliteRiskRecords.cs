using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Content;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteRiskRecords(SqliteWriter writer, MessageSpace space, ILogger<SqliteRiskRecords> logger) : IRiskRecords
{
    public ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken) =>
        space.IsDiskLow ? default : writer.EnqueueAsync(new AddJob(risk.Shortened(), logger), cancellationToken);

    private sealed class AddJob(RiskRecord risk, ILogger logger) : WriteJob
    {
        public override void Execute(SqliteConnection connection) =>
            connection.Execute(
                """
                INSERT INTO risk_record (app_id, user_id, conversation, action, word, content, created_at)
                VALUES (@AppId, @UserId, @Conversation, @Action, @Word, @Content, @Time)
                """,
                risk);

        public override void Committed()
        {
        }

        public override void Failed(Exception failure) => StorageLog.BatchFailed(logger, failure, 1);
    }
}
