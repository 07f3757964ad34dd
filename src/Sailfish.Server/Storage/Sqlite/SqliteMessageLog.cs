using Microsoft.Data.Sqlite;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The message log on SQLite: what is handed to it waits for the writer, in whose transactions it is appended.</summary>
internal sealed class SqliteMessageLog(SqliteWriter writer, MessageAppender appender) : IMessageLog
{
    public ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken) =>
        writer.EnqueueAsync(new AppendJob(appender, submission), cancellationToken);

    /// <summary>Appends a message together with what <paramref name="also"/> writes: both are stored, or neither.</summary>
    public ValueTask AppendAsync(Submission submission, Action<SqliteConnection> also) =>
        writer.EnqueueAsync(new AppendJob(appender, submission, also));

    private sealed class AppendJob(MessageAppender appender, Submission submission, Action<SqliteConnection>? also = null) : WriteJob
    {
        public override void Execute(SqliteConnection connection)
        {
            also?.Invoke(connection);
            appender.Append(submission, connection);
        }

        public override void Committed() => appender.Complete(submission);

        public override void Failed(Exception failure) => appender.Fail(submission, failure);
    }
}
