using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>What the deletion of messages means for those who had not acked them; the writer's alone.</summary>
internal sealed class RetentionStatements : PreparedStatements
{
    private readonly sqlite3_stmt _first;
    private readonly sqlite3_stmt _raisePosition;

    public RetentionStatements(SqliteConnection connection)
        : base(connection)
    {
        _first = Prepare(
            """
            SELECT coalesce((SELECT min(seq) FROM message WHERE conversation_id = ?1), (SELECT last_seq + 1 FROM conversation WHERE id = ?1))
            """);
        _raisePosition = Prepare("UPDATE position SET acked_seq = ?3 WHERE user_id = ?1 AND conversation_id = ?2 AND acked_seq < ?3");
    }

    /// <summary>The seq of the first message that there is, or will be.</summary>
    public long FirstSeq(long conversationId)
    {
        Bind(_first, 1, conversationId);
        TryReadRow(_first, out var seq);
        return seq;
    }

    /// <summary>Raises a position, if there is one: what is gone counts as acked.</summary>
    public void RaisePosition(long userId, long conversationId, long seq) => Run(_raisePosition, userId, conversationId, seq);
}
