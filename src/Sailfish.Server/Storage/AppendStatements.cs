using System.Text;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Messaging;
using SQLitePCL;

namespace Sailfish.Server.Storage;

/// <summary>
/// The prepared statements of the append path; the writer's alone. SQLite's own calls, because the provider's commands
/// and parameters were a fifth of the writer's time.
/// </summary>
internal sealed class AppendStatements : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _find;
    private readonly sqlite3_stmt _create;
    private readonly sqlite3_stmt _saveSeq;
    private byte[] _text = new byte[1024];

    public AppendStatements(SqliteConnection connection)
    {
        _database = connection.Handle!;
        _insert = Prepare(
            """
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (app_id, sender_id, client_msg_id) WHERE client_msg_id IS NOT NULL DO NOTHING
            """);
        _find = Prepare("SELECT id, last_seq, closed FROM conversation WHERE app_id = ?1 AND kind = ?2 AND low = ?3 AND high = ?4");
        _create = Prepare("INSERT INTO conversation (app_id, kind, low, high) VALUES (?1, ?2, ?3, ?4) RETURNING id");
        _saveSeq = Prepare("UPDATE conversation SET last_seq = ?1, closed = ?2 WHERE id = ?3");
    }

    /// <summary>False when the sender used the client's id before.</summary>
    public bool TryInsert(AppendRequest request, long conversationId, long seq)
    {
        Bind(_insert, 1, conversationId);
        Bind(_insert, 2, seq);
        Bind(_insert, 3, request.Conversation.AppId);
        Bind(_insert, 4, request.SenderId);
        Bind(_insert, 5, request.ClientMsgId);
        Bind(_insert, 6, request.BizCode);
        Bind(_insert, 7, request.Data);
        Bind(_insert, 8, request.Time);
        Run(_insert);
        return raw.sqlite3_changes(_database) == 1;
    }

    public ConversationState FindOrCreate(ConversationKey key)
    {
        BindKey(_find, key);
        if (TryReadRow(_find, out var id, out var seq, out var closed))
            return new ConversationState(id, seq, closed != 0);
        BindKey(_create, key);
        TryReadRow(_create, out id, out _, out _);
        return new ConversationState(id, 0);
    }

    public void SaveSeq(ConversationState state)
    {
        Bind(_saveSeq, 1, state.LastSeq);
        Bind(_saveSeq, 2, state.IsClosed ? 1 : 0);
        Bind(_saveSeq, 3, state.Id);
        Run(_saveSeq);
    }

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
        _create.Dispose();
        _saveSeq.Dispose();
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return statement;
    }

    private void BindKey(sqlite3_stmt statement, ConversationKey key)
    {
        Bind(statement, 1, key.AppId);
        Bind(statement, 2, (int)key.Kind);
        Bind(statement, 3, key.Low);
        Bind(statement, 4, key.High);
    }

    private void Bind(sqlite3_stmt statement, int index, long value) => Check(raw.sqlite3_bind_int64(statement, index, value));

    private void Bind(sqlite3_stmt statement, int index, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, index));
            return;
        }

        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < longest)
            _text = new byte[longest];
        var length = Encoding.UTF8.GetBytes(value, _text);
        Check(raw.sqlite3_bind_text(statement, index, _text.AsSpan(0, length)));
    }

    /// <summary>Runs a statement that gives no row.</summary>
    private void Run(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        // What went wrong is told by the step; the reset says the same again.
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
    }

    /// <summary>Reads up to three columns of the only row; false when there is none.</summary>
    private bool TryReadRow(sqlite3_stmt statement, out long first, out long second, out long third)
    {
        var result = raw.sqlite3_step(statement);
        var isRow = result == raw.SQLITE_ROW;
        first = isRow ? raw.sqlite3_column_int64(statement, 0) : 0;
        var columns = isRow ? raw.sqlite3_column_count(statement) : 0;
        second = columns > 1 ? raw.sqlite3_column_int64(statement, 1) : 0;
        third = columns > 2 ? raw.sqlite3_column_int64(statement, 2) : 0;
        // To its end: an INSERT … RETURNING is done only then.
        while (result == raw.SQLITE_ROW)
            result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
        return isRow;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
