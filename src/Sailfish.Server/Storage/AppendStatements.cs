using Microsoft.Data.Sqlite;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage;

/// <summary>The prepared statements of the append path; the writer's alone.</summary>
internal sealed class AppendStatements : IDisposable
{
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _create;
    private readonly SqliteCommand _saveSeq;

    public AppendStatements(SqliteConnection connection)
    {
        _insert = Prepare(
            connection,
            """
            INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
            VALUES ($conversation, $seq, $app, $sender, $client, $biz, $data, $time)
            ON CONFLICT (app_id, sender_id, client_msg_id) WHERE client_msg_id IS NOT NULL DO NOTHING
            """,
            "$conversation", "$seq", "$app", "$sender", "$client", "$biz", "$data", "$time");
        _find = Prepare(
            connection,
            "SELECT id, last_seq FROM conversation WHERE app_id = $app AND kind = $kind AND low = $low AND high = $high",
            "$app", "$kind", "$low", "$high");
        _create = Prepare(
            connection,
            "INSERT INTO conversation (app_id, kind, low, high) VALUES ($app, $kind, $low, $high) RETURNING id",
            "$app", "$kind", "$low", "$high");
        _saveSeq = Prepare(connection, "UPDATE conversation SET last_seq = $seq WHERE id = $id", "$seq", "$id");
    }

    public void Use(SqliteTransaction transaction)
    {
        _insert.Transaction = transaction;
        _find.Transaction = transaction;
        _create.Transaction = transaction;
        _saveSeq.Transaction = transaction;
    }

    /// <summary>False when the sender used the client's id before.</summary>
    public bool TryInsert(AppendRequest request, long conversationId, long seq)
    {
        Set(_insert, conversationId, seq, request.Conversation.AppId, request.SenderId,
            (object?)request.ClientMsgId ?? DBNull.Value, request.BizCode, request.Data, request.Time);
        return _insert.ExecuteNonQuery() == 1;
    }

    public ConversationState FindOrCreate(ConversationKey key)
    {
        Set(_find, key.AppId, (int)key.Kind, key.Low, key.High);
        using (var reader = _find.ExecuteReader())
        {
            if (reader.Read())
                return new ConversationState(reader.GetInt64(0), reader.GetInt64(1));
        }

        Set(_create, key.AppId, (int)key.Kind, key.Low, key.High);
        return new ConversationState((long)_create.ExecuteScalar()!, 0);
    }

    public void SaveSeq(ConversationState state)
    {
        Set(_saveSeq, state.LastSeq, state.Id);
        _saveSeq.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
        _create.Dispose();
        _saveSeq.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // constant text, given by this class
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }
}
