using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Content;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// What the content check found, on PostgreSQL: nobody's message waits for it, so what comes while others are stored is stored
/// together. While the database is away it waits here.
/// </summary>
internal sealed class PostgresRiskRecords : IRiskRecords, IHostedService, IDisposable
{
    /// <summary>Between tries while the database is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<RiskRecord> _queue;
    private readonly int _maxBatch;

    /// <summary>The stop may take no longer.</summary>
    private readonly CancellationTokenSource _givenUp = new();
    private Task _running = Task.CompletedTask;

    public PostgresRiskRecords(PostgresDatabase database, IOptions<StorageOptions> options, TimeProvider time, ILogger<PostgresRiskRecords> logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        _queue = Channel.CreateBounded<RiskRecord>(new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true });
        _maxBatch = options.Value.MaxBatch;
    }

    public ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken) => _queue.Writer.WriteAsync(risk.Shortened(), cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Stores what waits, then ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await using (cancellationToken.Register(_givenUp.Cancel))
            await _running;
    }

    public void Dispose() => _givenUp.Dispose();

    private async Task RunAsync()
    {
        List<RiskRecord> batch = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < _maxBatch && _queue.Reader.TryRead(out var risk))
                batch.Add(risk);
            await StoreAsync(batch);
        }
    }

    private async Task StoreAsync(List<RiskRecord> batch)
    {
        try
        {
            while (!await TryStoreAsync(batch))
                await Task.Delay(Pause, _time, _givenUp.Token);
        }
        catch (UnstorableTextException) when (batch.Count > 1)
        {
            // One that cannot be stored must not take its neighbours with it: each for itself.
            foreach (var risk in batch)
                await StoreAsync([risk]);
        }
#pragma warning disable CA1031 // the next ones are stored all the same
        catch (Exception failure)
#pragma warning restore CA1031
        {
            PostgresLog.RisksNotStored(_logger, failure, batch.Count);
        }
    }

    /// <summary>False when the database is away.</summary>
    private async Task<bool> TryStoreAsync(List<RiskRecord> batch)
    {
        try
        {
            await _database.WriteAsync(connection => connection.ExecuteAsync(
                """
                INSERT INTO risk_record (app_id, user_id, conversation, action, word, content, created_at)
                SELECT app_id, user_id, conversation, action, word, content, created_at
                FROM unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS t(app_id, user_id, conversation, action, word, content, created_at, n) ORDER BY n
                """,
                Each(risk => risk.AppId), Each(risk => risk.UserId), Each(risk => risk.Conversation), Each(risk => risk.Action),
                Each(risk => risk.Word), Each(risk => risk.Content), Each(risk => risk.Time)));
            return true;
        }
        catch (NpgsqlException away) when (away.IsTransient && !_givenUp.IsCancellationRequested)
        {
            return false;
        }

        T[] Each<T>(Func<RiskRecord, T> value) => [.. batch.Select(value)];
    }
}
