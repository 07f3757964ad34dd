using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>What the deletion of messages means for those who had not acked them; the writer's alone.</summary>
internal sealed class RetentionStatements : PreparedStatements
{
    private readonly sqlite3_stmt _first;
    private readonly sqlite3_stmt _removeUnread;
    private readonly sqlite3_stmt _raisePosition;

    private readonly WaitingRows _waiting;

    public RetentionStatements(SqliteConnection connection, WaitingRows waiting)
        : base(connection)
    {
        _waiting = waiting;
        _first = Prepare(
            """
            SELECT coalesce((SELECT min(seq) FROM message WHERE conversation_id = ?1), (SELECT last_seq + 1 FROM conversation WHERE id = ?1))
            """);
        _removeUnread = Prepare(
            """
            DELETE FROM unread WHERE app_id = ?1 AND user_id = ?2 AND conversation_id = ?3
              AND (SELECT CASE ?2 WHEN low THEN seq_for_low ELSE seq_for_high END FROM conversation WHERE id = ?3) < ?4
            """);
        _raisePosition = Prepare("UPDATE position SET acked_seq = ?4 - 1 WHERE user_id = ?2 AND conversation_id = ?3 AND acked_seq < ?4 - 1");
    }

    /// <summary>The seq of the first message that there is, or will be.</summary>
    public long FirstSeq(long conversationId)
    {
        Bind(_first, 1, conversationId);
        TryReadRow(_first, out var seq);
        return seq;
    }

    /// <summary>Before the first message everything counts as acked.</summary>
    public void MoveOn(long appId, long userId, long conversationId, long firstSeq)
    {
        Run(_removeUnread, appId, userId, conversationId, firstSeq);
        if (Changes > 0)
            _waiting.Remove(conversationId, userId);
        Run(_raisePosition, appId, userId, conversationId, firstSeq);
    }

    private void Run(sqlite3_stmt statement, long appId, long userId, long conversationId, long firstSeq)
    {
        Bind(statement, 1, appId);
        Bind(statement, 2, userId);
        Bind(statement, 3, conversationId);
        Bind(statement, 4, firstSeq);
        Run(statement);
    }
}
