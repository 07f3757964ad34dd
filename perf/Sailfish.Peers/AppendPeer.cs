using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Peers;

/// <summary>
/// The limit of the durable path of several nodes: a connection for each, with the log's own statements and batches, and no
/// server around them. The first two seconds are not counted.
/// </summary>
internal static class AppendPeer
{
    private const long AppId = 10001;
    private const long FirstReceiver = 1_000_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    internal static async Task RunAsync(string database, int connections, int batch, int conversations, int dataBytes, TimeSpan period)
    {
        using var store = new PostgresDatabase(Options.Create(new ClusterOptions { Database = database }), NullLogger<PostgresDatabase>.Instance);
        var writers = new List<Writer>();
        for (var i = 0; i < connections; i++)
            writers.Add(await Writer.OpenAsync(store, i, conversations / connections, batch, new string('x', dataBytes)));
        await WriteForAsync(writers, WarmUp);
        var before = writers.Sum(writer => writer.Written);
        var elapsed = await WriteForAsync(writers, period);
        var perSecond = (writers.Sum(writer => writer.Written) - before) / elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"messagesPerSecond\":{perSecond}}}"));
        foreach (var writer in writers)
            await writer.DisposeAsync();
    }

    private static async Task<TimeSpan> WriteForAsync(List<Writer> writers, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(writers.Select(writer => Task.Run(() => writer.WriteForAsync(time))));
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>What a node would be to the database: its row, its connection, its share of the conversations.</summary>
    private sealed class Writer(AppendConnection connection, long node, int number, int conversations, int batchSize, string data) : IAsyncDisposable
    {
        private readonly AppendBatch _batch = new();
        private long _keys;

        internal long Written { get; private set; }

        internal static async Task<Writer> OpenAsync(PostgresDatabase store, int number, int conversations, int batchSize, string data)
        {
            await using var pooled = await store.Source.OpenConnectionAsync();
            await using var row = new NpgsqlCommand("INSERT INTO node (name, version, lease_until) VALUES ('append', '', 'infinity') RETURNING generation", pooled);
            var node = (long)(await row.ExecuteScalarAsync())!;
            return new Writer(await AppendConnection.OpenAsync(store.NewLogConnection()), node, number, conversations, batchSize, data);
        }

        internal async Task WriteForAsync(TimeSpan time)
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < time)
                await WriteAsync();
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task WriteAsync()
        {
            _batch.Clear();
            for (var i = 0; i < batchSize; i++)
                _batch.Add(new WaitingAppend(Next(i), 0));
            _batch.MakeKeys(node, ref _keys);
            var answer = await connection.RunAsync(_batch, node);
            if (answer.Outcome != AppendOutcome.Stored)
                throw new InvalidOperationException($"Nothing was stored: {answer.Outcome}", answer.Failure);
            Written += batchSize;
        }

        private Submission Next(int i)
        {
            var sender = (number * conversations) + ((Written + i) % conversations) + 1;
            return new()
            {
                Conversation = ConversationKey.Direct(AppId, sender, sender + FirstReceiver),
                SenderId = sender,
                ClientMsgId = (Written + i).ToString("D8", CultureInfo.InvariantCulture),
                BizCode = BizCodes.Chat,
                Data = data,
                Time = Written + i,
            };
        }
    }
}
