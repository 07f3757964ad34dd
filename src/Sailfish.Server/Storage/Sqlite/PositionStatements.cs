using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The statements by which acked positions are saved; the writer's alone.</summary>
internal sealed class PositionStatements : PreparedStatements
{
    private readonly sqlite3_stmt _find;
    private readonly sqlite3_stmt _save;
    private readonly sqlite3_stmt _removeUnread;

    private readonly WaitingRows _waiting;

    public PositionStatements(SqliteConnection connection, WaitingRows waiting)
        : base(connection)
    {
        _waiting = waiting;
        _find = Prepare("SELECT acked_seq FROM position WHERE user_id = ?1 AND conversation_id = ?2");
        _save = Prepare(
            """
            INSERT INTO position (user_id, conversation_id, acked_seq) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET acked_seq = max(acked_seq, excluded.acked_seq)
            """);
        _removeUnread = Prepare(
            """
            DELETE FROM unread
            WHERE app_id = (SELECT app_id FROM conversation WHERE id = ?2) AND user_id = ?1 AND conversation_id = ?2
              AND (SELECT CASE ?1 WHEN low THEN seq_for_low ELSE seq_for_high END FROM conversation WHERE id = ?2) <= ?3
            """);
    }

    /// <summary>0 where nothing is stored.</summary>
    public long Find(long userId, long conversationId)
    {
        Bind(_find, 1, userId);
        Bind(_find, 2, conversationId);
        TryReadRow(_find, out var seq);
        return seq;
    }

    /// <summary>Raises a position, and has what it reaches no longer waiting.</summary>
    public void Save(long userId, long conversationId, long seq)
    {
        Run(_save, userId, conversationId, seq);
        Run(_removeUnread, userId, conversationId, seq);
        if (Changes > 0)
            _waiting.Remove(conversationId, userId);
    }

    private void Run(sqlite3_stmt statement, long userId, long conversationId, long seq)
    {
        Bind(statement, 1, userId);
        Bind(statement, 2, conversationId);
        Bind(statement, 3, seq);
        Run(statement);
    }
}
