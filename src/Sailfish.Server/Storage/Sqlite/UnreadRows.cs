using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// The rows of <c>unread</c>: who has messages to read in which conversation. Which are known to be there is remembered, so
/// that a message for somebody who has others waiting writes none; what is not known is written once more. The writer's alone.
/// </summary>
internal sealed class UnreadRows : IDisposable
{
    /// <summary>Rows remembered before all are forgotten; about 40 bytes each.</summary>
    private const int MaxKnown = 200_000;

    private readonly HashSet<(long ConversationId, long UserId)> _known = [];
    private Statements? _statements;

    /// <summary>The user has a message to read.</summary>
    public void Add(SqliteConnection connection, long appId, long userId, long conversationId)
    {
        if (_known.Count >= MaxKnown)
            _known.Clear();
        if (_known.Add((conversationId, userId)))
            On(connection).Add(appId, userId, conversationId);
    }

    /// <summary>The user has none to read up to <paramref name="seq"/>: the row goes where the conversation reaches no further.</summary>
    public void Remove(SqliteConnection connection, long userId, long conversationId, long seq)
    {
        if (On(connection).TryRemove(userId, conversationId, seq))
            _known.Remove((conversationId, userId));
    }

    /// <summary>A transaction did not commit: what it wrote is not there, what it deleted is.</summary>
    public void Forget() => _known.Clear();

    public void Dispose() => _statements?.Dispose();

    private Statements On(SqliteConnection connection) => _statements ??= new Statements(connection);

    private sealed class Statements : PreparedStatements
    {
        private readonly sqlite3_stmt _add;
        private readonly sqlite3_stmt _remove;

        public Statements(SqliteConnection connection)
            : base(connection)
        {
            _add = Prepare("INSERT OR IGNORE INTO unread (app_id, user_id, conversation_id) VALUES (?1, ?2, ?3)");
            _remove = Prepare(
                """
                DELETE FROM unread
                WHERE app_id = (SELECT app_id FROM conversation WHERE id = ?2) AND user_id = ?1 AND conversation_id = ?2
                  AND (SELECT CASE ?1 WHEN low THEN seq_for_low ELSE seq_for_high END FROM conversation WHERE id = ?2) <= ?3
                """);
        }

        public void Add(long appId, long userId, long conversationId) => Run(_add, appId, userId, conversationId);

        public bool TryRemove(long userId, long conversationId, long seq)
        {
            Run(_remove, userId, conversationId, seq);
            return Changes > 0;
        }
    }
}
