using Npgsql;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Rows of <c>message</c>, as reads give them: <c>conversation_id, seq, sender_id, biz_code, created_at, data</c>.</summary>
internal static class MessageRows
{
    public static StoredMessage ToMessage(NpgsqlDataReader row, ConversationKey key) => new()
    {
        Conversation = key,
        ConversationId = row.GetInt64(0),
        Seq = row.GetInt64(1),
        SenderId = row.GetInt64(2),
        BizCode = row.GetInt32(3),
        Time = row.GetInt64(4),
        Data = row.GetString(5),
    };
}
