using Microsoft.Data.Sqlite;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage;

/// <summary>Reads messages row by row and stops at the bound: what is left out is never in memory.</summary>
internal static class MessageRows
{
    /// <summary>The columns that <see cref="Read"/> takes, in its order. The length is known without the text.</summary>
    public const string Columns = "conversation_id, seq, sender_id, biz_code, created_at, octet_length(data), data";

    /// <summary>At most so many, and of them those that fit, but the first in any case.</summary>
    public static MessagePage Read(SqliteCommand command, ConversationKey key, int maxCount, int maxBytes)
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

    /// <summary>Of rows of seq and length, newest first: the seq before the oldest that fits; the newest fits in any case.</summary>
    public static long FindStart(SqliteCommand command, long newest, int maxBytes)
    {
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
