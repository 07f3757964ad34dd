using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// The one writer of the database. It takes all writes that wait, up to a bound, runs them in one transaction, and
/// commits with an fsync: the more wait, the less each pays (group commit).
/// </summary>
internal sealed class SqliteWriter : IHostedService, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly ICommitHook _hook;
    private readonly JobQueue<WriteJob> _queue;
    private readonly int _maxBatch;
    private readonly StorageMetrics _metrics;
    private readonly ILogger<SqliteWriter> _logger;
    private readonly List<WriteJob> _batch = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteConnection? _connection;
    private WriteTransaction? _transaction;

    public SqliteWriter(SqliteDatabase database, ICommitHook hook, IOptions<StorageOptions> options, StorageMetrics metrics, ILogger<SqliteWriter> logger)
    {
        _database = database;
        _hook = hook;
        _metrics = metrics;
        _logger = logger;
        _maxBatch = options.Value.MaxBatch;
        _queue = new JobQueue<WriteJob>(options.Value.QueueLength);
    }

    /// <summary>Waits while the queue is full.</summary>
    public ValueTask EnqueueAsync(WriteJob job, CancellationToken cancellationToken = default) => _queue.AddAsync(job, cancellationToken);

    /// <summary>Writes and waits until it is on disk.</summary>
    public async Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancellationToken = default)
    {
        var job = new AwaitedWriteJob(write);
        await EnqueueAsync(job, cancellationToken);
        await job.Done.WaitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _connection = _database.OpenWriter();
        _transaction = new WriteTransaction(_connection);
        new Thread(Run) { IsBackground = true, Name = "sqlite-writer" }.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Writes what waits, then ends. A disk that takes longer than the stop may last loses only what nobody was told is
    /// stored.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Close();
        try
        {
            await _stopped.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            StorageLog.StopTooSlow(_logger);
            _transaction?.GiveUp();
        }
    }

    public void Dispose()
    {
        // A writer that hangs on its disk still uses the connection; the end of the process closes it.
        if (!_stopped.Task.IsCompleted)
            return;
        _transaction?.Dispose();
        _connection?.Dispose();
        _queue.Dispose();
    }

    private void Run()
    {
        // A thread of its own: commits wait for the disk, and must not hold a thread of the pool.
        while (_queue.WaitForJobs())
        {
            _batch.Clear();
            while (_batch.Count < _maxBatch && _queue.TryTake(out var job))
                _batch.Add(job);
            Write(_batch);
            _hook.BatchDone();
        }

        _hook.Stopped();
        _stopped.TrySetResult();
    }

    private void Write(List<WriteJob> batch)
    {
        var started = Stopwatch.GetTimestamp();
        var failure = TryCommit(batch);
        if (failure is null)
        {
            _metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(started));
            _hook.Committed();
            foreach (var job in batch)
                job.Committed();
            return;
        }

        StorageLog.BatchFailed(_logger, failure, batch.Count);
        if (batch.Count > 1 && !IsOfTheStore(failure))
        {
            // One bad write must not take its neighbours with it: each for itself.
            foreach (var job in batch)
                Write([job]);
            return;
        }

        foreach (var job in batch)
            job.Failed(failure);
    }

    /// <summary>A full or broken disk, or one who holds the database: no write of the batch would fare better alone.</summary>
    private static bool IsOfTheStore(Exception failure) => failure is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR
            or raw.SQLITE_CORRUPT or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB,
    };

    private Exception? TryCommit(List<WriteJob> batch)
    {
        try
        {
            _transaction!.Begin();
            foreach (var job in batch)
                job.Execute(_connection!);
            _hook.Committing(_connection!);
            _transaction.Commit();
            return null;
        }
#pragma warning disable CA1031 // whatever a write throws, the writer lives on and the failure goes to who asked
        catch (Exception failure)
#pragma warning restore CA1031
        {
            TryRollback();
            _hook.RolledBack();
            return failure;
        }
    }

    private void TryRollback()
    {
        try
        {
            _transaction!.Rollback();
        }
        catch (SqliteException failure)
        {
            StorageLog.RollbackFailed(_logger, failure);
        }
    }
}
