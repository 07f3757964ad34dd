using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Messaging;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Peers;

/// <summary>
/// The limit of the durable path: the server's schema and settings, its own statements and its batches, and no server around
/// them. The first second is not counted.
/// </summary>
internal static class StorePeer
{
    private const long AppId = 10001;
    private const long FirstReceiver = 1_000_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Writes into a database in the working directory.</summary>
    internal static void Run(int batch, int conversations, int dataBytes, TimeSpan period)
    {
        using var connection = Open();
        CreateConversations(connection, conversations);
        using var statements = new AppendStatements(connection);
        using var transaction = new WriteTransaction(connection);
        using var unread = new UnreadRows();
        ConversationState[] states = [.. Enumerable.Range(1, conversations).Select(id => new ConversationState(id, 0))];
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
                WriteBatch(connection, transaction, statements, unread, states, [.. Submissions(written, batch, conversations, data)]);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    private static void WriteBatch(
        SqliteConnection connection, WriteTransaction transaction, AppendStatements statements, UnreadRows unread, ConversationState[] states, Submission[] submissions)
    {
        List<(ConversationKey Key, ConversationState State)> dirty = [];
        transaction.Begin();
        foreach (var submission in submissions)
        {
            var state = states[submission.SenderId - 1];
            statements.TryInsert(submission, state.Id, state.LastSeq + 1);
            if (!state.IsDirty)
                dirty.Add((submission.Conversation, state));
            state.Take(submission);
        }

        // As the server does: what a conversation's row tells, once a transaction.
        foreach (var (key, state) in dirty)
            state.Save(key, statements, unread, connection);
        transaction.Commit();
        foreach (var (_, state) in dirty)
            state.Commit();
    }

    private static IEnumerable<Submission> Submissions(long first, int count, int conversations, string data) =>
        Enumerable.Range(0, count).Select(i => Submission(first + i, conversations, data));

    private static Submission Submission(long number, int conversations, string data) => new()
    {
        Conversation = ConversationKey.Direct(AppId, (number % conversations) + 1, (number % conversations) + 1 + FirstReceiver),
        SenderId = (number % conversations) + 1,
        ClientMsgId = number.ToString("D8", CultureInfo.InvariantCulture),
        BizCode = BizCodes.Chat,
        Data = data,
        Time = number,
    };

    private static SqliteConnection Open() =>
        new SqliteDatabase(Options.Create(new ServerOptions { DataDir = "." }), Options.Create(new StorageOptions()), NullLogger<SqliteDatabase>.Instance).OpenWriter();

    private static void CreateConversations(SqliteConnection connection, int count)
    {
        using var transaction = connection.BeginTransaction();
        for (var i = 1; i <= count; i++)
            ExecuteText(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO conversation (app_id, kind, low, high) VALUES ({AppId}, 0, {i}, {i + FirstReceiver})"), transaction);
        transaction.Commit();
    }

    private static void ExecuteText(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // text of this class and of the schema
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
