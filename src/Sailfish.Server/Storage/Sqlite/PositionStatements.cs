using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The statements by which acked positions are saved; the writer's alone.</summary>
internal sealed class PositionStatements : PreparedStatements
{
    private readonly sqlite3_stmt _find;
    private readonly sqlite3_stmt _save;

    public PositionStatements(SqliteConnection connection)
        : base(connection)
    {
        _find = Prepare("SELECT acked_seq FROM position WHERE user_id = ?1 AND conversation_id = ?2");
        _save = Prepare(
            """
            INSERT INTO position (user_id, conversation_id, acked_seq) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET acked_seq = max(acked_seq, excluded.acked_seq)
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

    /// <summary>Raises a position.</summary>
    public void Save(long userId, long conversationId, long seq) => Run(_save, userId, conversationId, seq);
}
