using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sailfish.Peers;

/// <summary>
/// The limit of the durable path: the server's schema and settings, its statements and its batches, and no server around
/// them. The first second is not counted.
/// </summary>
internal static class StorePeer
{
    private const string Insert =
        """
        INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
        VALUES ($conversation, $seq, 10001, $sender, $client, 5555, $data, $time)
        ON CONFLICT (app_id, sender_id, client_msg_id) WHERE client_msg_id IS NOT NULL DO NOTHING
        """;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Writes into a database in the working directory.</summary>
    internal static void Run(int batch, int conversations, int dataBytes, TimeSpan period)
    {
        using var connection = Open();
        CreateConversations(connection, conversations);
        using var insert = Prepare(connection, Insert, "$conversation", "$seq", "$sender", "$client", "$data", "$time");
        using var saveSeq = Prepare(connection, "UPDATE conversation SET last_seq = $seq WHERE id = $id", "$seq", "$id");
        var data = new string('x', dataBytes);
        var written = 0L;
        WriteFor(WarmUp);
        var before = written;
        var elapsed = WriteFor(period);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"messagesPerSecond\":{(written - before) / elapsed.TotalSeconds}}}"));

        TimeSpan WriteFor(TimeSpan time)
        {
            var start = Stopwatch.GetTimestamp();
            for (; Stopwatch.GetElapsedTime(start) < time; written += batch)
                WriteBatch(connection, insert, saveSeq, written, batch, conversations, data);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    private static void WriteBatch(
        SqliteConnection connection, SqliteCommand insert, SqliteCommand saveSeq, long first, int batch, int conversations, string data)
    {
        using var transaction = connection.BeginTransaction();
        insert.Transaction = transaction;
        saveSeq.Transaction = transaction;
        for (var number = first; number < first + batch; number++)
        {
            var (conversation, seq) = ((number % conversations) + 1, (number / conversations) + 1);
            Execute(insert, conversation, seq, conversation, number.ToString("D8", CultureInfo.InvariantCulture), data, number);
        }

        // As the server does: each conversation's newest seq once a transaction.
        for (var number = Math.Max(first, first + batch - conversations); number < first + batch; number++)
            Execute(saveSeq, (number / conversations) + 1, (number % conversations) + 1);
        transaction.Commit();
    }

    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection("Data Source=sailfish.db");
        connection.Open();
        using var schema = new StreamReader(typeof(StorePeer).Assembly.GetManifestResourceStream("messages.sql")!);
        ExecuteText(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        ExecuteText(connection, schema.ReadToEnd());
        return connection;
    }

    private static void CreateConversations(SqliteConnection connection, int count)
    {
        using var transaction = connection.BeginTransaction();
        for (var i = 1; i <= count; i++)
            ExecuteText(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO conversation (app_id, kind, low, high) VALUES (10001, 0, {i}, {i + 1_000_000})"), transaction);
        transaction.Commit();
    }

    private static void ExecuteText(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = Prepare(connection, sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // text of this class and of the schema
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
