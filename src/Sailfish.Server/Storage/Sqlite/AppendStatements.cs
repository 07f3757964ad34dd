using Microsoft.Data.Sqlite;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>The statements of the append path; the writer's alone.</summary>
internal sealed class AppendStatements : PreparedStatements
{
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _find;
    private readonly sqlite3_stmt _findKey;
    private readonly sqlite3_stmt _create;
    private readonly sqlite3_stmt _saveSeq;
    private readonly sqlite3_stmt _pages;
    private readonly sqlite3_stmt _freePages;

    public AppendStatements(SqliteConnection connection)
        : base(connection)
    {
        _insert = Prepare(
            """
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (conversation_id, client_msg_id, sender_id) WHERE client_msg_id IS NOT NULL DO NOTHING
            """);
        _find = Prepare("SELECT id, last_seq, closed FROM conversation WHERE app_id = ?1 AND kind = ?2 AND low = ?3 AND high = ?4");
        _findKey = Prepare(
            """
            SELECT 1 FROM message WHERE sender_id = ?5 AND client_msg_id = ?6
              AND conversation_id = (SELECT id FROM conversation WHERE app_id = ?1 AND kind = ?2 AND low = ?3 AND high = ?4)
            """);
        _create = Prepare("INSERT INTO conversation (app_id, kind, low, high) VALUES (?1, ?2, ?3, ?4) RETURNING id");
        _saveSeq = Prepare(
            """
            UPDATE conversation SET last_seq = ?1, closed = ?2, seq_for_low = max(seq_for_low, ?3), seq_for_high = max(seq_for_high, ?4) WHERE id = ?5
            """);
        _pages = Prepare("PRAGMA page_count");
        _freePages = Prepare("PRAGMA freelist_count");
    }

    /// <summary>Pages of the database that hold something.</summary>
    public long UsedPages()
    {
        TryReadRow(_pages, out var pages);
        TryReadRow(_freePages, out var free);
        return pages - free;
    }

    /// <summary>False when the sender used the client's id in this conversation before.</summary>
    public bool TryInsert(Submission submission, long conversationId, long seq)
    {
        Bind(_insert, 1, conversationId);
        Bind(_insert, 2, seq);
        Bind(_insert, 3, submission.Conversation.AppId);
        Bind(_insert, 4, submission.SenderId);
        Bind(_insert, 5, submission.ClientMsgId);
        Bind(_insert, 6, submission.BizCode);
        Bind(_insert, 7, submission.Data);
        Bind(_insert, 8, submission.Time);
        Run(_insert);
        return Changes == 1;
    }

    /// <summary>Whether the sender used the client's id in this conversation before; also where that is not in memory.</summary>
    public bool IsKnown(Submission submission)
    {
        if (submission.ClientMsgId is null)
            return false;
        BindKey(_findKey, submission.Conversation);
        Bind(_findKey, 5, submission.SenderId);
        Bind(_findKey, 6, submission.ClientMsgId);
        return TryReadRow(_findKey, out _);
    }

    public ConversationState? Find(ConversationKey key)
    {
        BindKey(_find, key);
        return TryReadRow(_find, out var id, out var seq, out var closed) ? new ConversationState(id, seq, closed != 0) : null;
    }

    public ConversationState Create(ConversationKey key)
    {
        BindKey(_create, key);
        TryReadRow(_create, out var id);
        return new ConversationState(id, 0);
    }

    public void SaveSeq(ConversationState state)
    {
        Bind(_saveSeq, 1, state.LastSeq);
        Bind(_saveSeq, 2, state.IsClosed ? 1 : 0);
        Bind(_saveSeq, 3, state.SeqForLow);
        Bind(_saveSeq, 4, state.SeqForHigh);
        Bind(_saveSeq, 5, state.Id);
        Run(_saveSeq);
    }

    private void BindKey(sqlite3_stmt statement, ConversationKey key)
    {
        Bind(statement, 1, key.AppId);
        Bind(statement, 2, (int)key.Kind);
        Bind(statement, 3, key.Low);
        Bind(statement, 4, key.High);
    }
}
