using Microsoft.Data.Sqlite;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Reads messages row by row and stops at the bound: what is left out is never in memory.</summary>
internal static class MessageRows
{
    /// <summary>The columns that are read, in their order. The length is known without the text.</summary>
    private const string Columns = "conversation_id, seq, sender_id, biz_code, created_at, octet_length(data), data";

    private const string IdOfKey = "(SELECT id FROM conversation WHERE app_id = @appId AND kind = @kind AND low = @low AND high = @high)";

    public static MessagePage After(SqliteConnection connection, ConversationKey key, long after, int maxCount, int maxBytes)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM message WHERE conversation_id = {IdOfKey} AND seq > @after ORDER BY seq";
        AddKey(command, key);
        command.Parameters.AddWithValue("@after", after);
        return Read(command, key, maxCount, maxBytes);
    }

    public static MessagePage FromOthers(SqliteConnection connection, UnreadConversation conversation, long userId, (long From, long To) seqs, int maxCount, int maxBytes)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM message WHERE conversation_id = @id AND seq BETWEEN @from AND @to AND sender_id <> @userId ORDER BY seq";
        command.Parameters.AddWithValue("@id", conversation.Id);
        command.Parameters.AddWithValue("@from", seqs.From);
        command.Parameters.AddWithValue("@to", seqs.To);
        command.Parameters.AddWithValue("@userId", userId);
        return Read(command, conversation.Key, maxCount, maxBytes);
    }

    /// <summary>The seq before the oldest of the newest that fit; the newest fits in any case.</summary>
    public static long FindStart(SqliteConnection connection, ConversationKey key, long newest, int maxCount, int maxBytes)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT seq, octet_length(data) FROM message WHERE conversation_id = {IdOfKey} AND seq > @oldest AND seq <= @newest ORDER BY seq DESC";
        AddKey(command, key);
        command.Parameters.AddWithValue("@oldest", newest - maxCount);
        command.Parameters.AddWithValue("@newest", newest);
        using var reader = command.ExecuteReader();
        var start = newest;
        for (var bytes = 0L; reader.Read();)
        {
            bytes += StoredMessage.Envelope + reader.GetInt64(1);
            if (start < newest && bytes > maxBytes)
                break;
            start = reader.GetInt64(0) - 1;
        }

        return start;
    }

    /// <summary>The message that was stored in the conversation with the same key; null when there is none.</summary>
    public static StoredMessage? First(SqliteConnection connection, long conversationId, Submission submission)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM message WHERE conversation_id = @id AND sender_id = @senderId AND client_msg_id = @clientMsgId";
        command.Parameters.AddWithValue("@id", conversationId);
        command.Parameters.AddWithValue("@senderId", submission.SenderId);
        command.Parameters.AddWithValue("@clientMsgId", submission.ClientMsgId);
        using var reader = command.ExecuteReader();
        return reader.Read() ? ToMessage(reader, submission.Conversation) : null;
    }

    private static void AddKey(SqliteCommand command, ConversationKey key)
    {
        command.Parameters.AddWithValue("@appId", key.AppId);
        command.Parameters.AddWithValue("@kind", (int)key.Kind);
        command.Parameters.AddWithValue("@low", key.Low);
        command.Parameters.AddWithValue("@high", key.High);
    }

    /// <summary>At most so many, and of them those that fit, but the first in any case.</summary>
    private static MessagePage Read(SqliteCommand command, ConversationKey key, int maxCount, int maxBytes)
    {
        using var reader = command.ExecuteReader();
        List<StoredMessage> messages = [];
        for (var bytes = 0L; reader.Read();)
        {
            bytes += StoredMessage.Envelope + reader.GetInt64(5);
            if (messages.Count == maxCount || (messages.Count > 0 && bytes > maxBytes))
                return new MessagePage(messages, IsWhole: false);
            messages.Add(ToMessage(reader, key));
        }

        return new MessagePage(messages, IsWhole: true);
    }

    private static StoredMessage ToMessage(SqliteDataReader row, ConversationKey key) => new()
    {
        Conversation = key,
        ConversationId = row.GetInt64(0),
        Seq = row.GetInt64(1),
        SenderId = row.GetInt64(2),
        BizCode = row.GetInt32(3),
        Time = row.GetInt64(4),
        Data = row.GetString(6),
    };
}
