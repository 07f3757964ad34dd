using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage;

internal sealed class SqliteRiskRecords(SqliteWriter writer, ILogger<SqliteRiskRecords> logger) : IRiskRecords
{
    public ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken) =>
        writer.EnqueueAsync(new AddJob(risk, logger), cancellationToken);

    private sealed class AddJob(RiskRecord risk, ILogger logger) : WriteJob
    {
        public override void Execute(SqliteConnection connection, SqliteTransaction transaction) =>
            connection.Execute(
                """
                INSERT INTO risk_record (app_id, user_id, conversation, action, word, content, created_at)
                VALUES (@AppId, @UserId, @Conversation, @Action, @Word, @Content, @Time)
                """,
                risk, transaction);

        public override void Committed()
        {
        }

        public override void Failed(Exception failure) => StorageLog.BatchFailed(logger, failure, 1);
    }
}
