using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Content;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteRiskRecords(SqliteWriter writer, MessageSpace space, ILogger<SqliteRiskRecords> logger) : IRiskRecords
{
    /// <summary>UTF-16 units of a text that are kept: what was found in it is told beside it.</summary>
    private const int MaxContent = 1000;

    public ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken) =>
        space.IsDiskLow ? default : writer.EnqueueAsync(new AddJob(risk with { Content = Shorten(risk.Content) }, logger), cancellationToken);

    private static string Shorten(string content)
    {
        if (content.Length <= MaxContent)
            return content;
        // Not in the middle of a character.
        return content[..(char.IsHighSurrogate(content[MaxContent - 1]) ? MaxContent - 1 : MaxContent)];
    }

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
