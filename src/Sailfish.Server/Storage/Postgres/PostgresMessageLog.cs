using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The message log on PostgreSQL. It takes all messages that wait, up to a bound, and appends them in one transaction: the more
/// wait, the less each pays. Seqs have no gap, for a conversation is locked from the first of its seqs to the commit, whichever
/// node appends to it. While the database is away messages wait, and those that wait too long are refused; what was on its way
/// to the database when it went is found out when it is back.
/// </summary>
internal sealed class PostgresMessageLog : IMessageLog, IHostedService, IDisposable
{
    /// <summary>
    /// The server bounds each statement but the COMMIT with 3 s: a connection that says nothing for longer than this is left
    /// alone, and the same is tried on another one. It is not cancelled: whatever becomes of it, the keys make it one message.
    /// </summary>
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(12);

    /// <summary>Between looks at what waits too long, while something else is waited for.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Between tries when the database is away, or cannot.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Tries of many messages that are in another's way; then each has its own.</summary>
    private const int MaxTries = 3;

    private readonly PostgresDatabase _database;
    private readonly NodeLease _lease;
    private readonly ISubmissionSink _sink;
    private readonly StorageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JobQueue<WaitingAppend> _queue;
    private readonly int _maxBatch;
    private readonly AppendBatch _batch = new();
    private readonly List<Submission> _toTell = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set when the stop may take no longer.</summary>
    private readonly ManualResetEventSlim _isGivenUp = new();
    private AppendConnection? _connection;
    private Task<AppendConnection>? _connecting;
    private bool _isAway;
    private long _keys;

    public PostgresMessageLog(
        PostgresDatabase database,
        NodeLease lease,
        ISubmissionSink sink,
        IOptions<StorageOptions> options,
        StorageMetrics metrics,
        TimeProvider time,
        ILogger<PostgresMessageLog> logger)
    {
        (_database, _lease, _sink, _metrics, _time, _logger) = (database, lease, sink, metrics, time, logger);
        _maxBatch = options.Value.MaxBatch;
        _queue = new JobQueue<WaitingAppend>(options.Value.QueueLength);
    }

    /// <summary>How long a message may wait before who sent it is told that it is not known to be stored.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is appended alone takes the statements for one (<see cref="AppendOneSql"/>), else those for many.</summary>
    public bool AppendsOneAlone { get; init; } = true;

    public ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken) =>
        _queue.AddAsync(new WaitingAppend(submission, _time.GetTimestamp()), cancellationToken);

    /// <summary>
    /// Appends a message that ends its conversation together with what <paramref name="also"/> adds, which gives no rows: both
    /// are stored, or neither. It may be asked more than once.
    /// </summary>
    public ValueTask AppendAsync(Submission end, Action<NpgsqlBatch> also) =>
        _queue.AddAsync(new WaitingAppend(end, _time.GetTimestamp(), also), CancellationToken.None);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { IsBackground = true, Name = "postgres-log" }.Start();
        return Task.CompletedTask;
    }

    /// <summary>Appends what waits, then ends. What the database does not take before the stop may last no longer is not receipted.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Close();
        try
        {
            await _stopped.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            PostgresLog.StopTooSlow(_logger);
            _isGivenUp.Set();
        }
    }

    public void Dispose()
    {
        if (!_stopped.Task.IsCompleted)
            return;
        _queue.Dispose();
        _isGivenUp.Dispose();
    }

    /// <summary>A thread of its own: who is told may let it wait, which no thread of the sockets' events may.</summary>
    private void Run()
    {
        while (_queue.WaitForJobs())
        {
            if (!WaitUntilReady(() => _queue.TryPeek(out _)))
                continue;
            _batch.Clear();
            while (_batch.Count < _maxBatch && !_batch.IsFinished && _queue.TryTake(out var job))
                _batch.Add(job);
            Append(_batch);
            Tell();
        }

        _connection?.DisposeAsync().AsTask().Wait(Pause);
        _sink.Closed();
        _stopped.TrySetResult();
    }

    /// <summary>Appends a batch: when it returns, what became of each is noted.</summary>
    private void Append(AppendBatch batch)
    {
        for (var tries = 1; WaitUntilReady(() => LeaveOutExpired(batch)); tries++)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = Try(batch);
            batch.IsUnknown |= answer.Outcome == AppendOutcome.Unknown;
            batch.Failure = answer.Failure;
            if (answer.Failure is not null)
                PostgresLog.TryFailed(_logger, answer.Failure, batch.Count, answer.Outcome);
            switch (answer.Outcome)
            {
                case AppendOutcome.Stored:
                    _metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(started));
                    batch.Settle(_connection!.Rows, _connection.Routes);
                    NoteAll(batch);
                    return;
                case AppendOutcome.NoLease:
                    // Whoever renews it says whether it holds.
                    _lease.Extend(_time.GetTimestamp());
                    break;
                case AppendOutcome.Refused:
                case AppendOutcome.InTheWay when tries >= MaxTries && batch is { IsUnknown: false, Count: > 1 }:
                    AppendEach(batch);
                    return;
                case AppendOutcome.NotNow:
                    _connection!.DisposeAsync().AsTask().Wait(Pause);
                    _connection = null;
                    _isGivenUp.Wait(Pause);
                    break;
            }
        }
    }

    /// <summary>One that cannot be stored must not take its neighbours with it: each for itself.</summary>
    private void AppendEach(AppendBatch batch)
    {
        if (batch.Count == 1)
        {
            Fail(batch.Jobs[0], batch.Failure!);
            return;
        }

        foreach (var job in batch.Jobs)
        {
            var alone = new AppendBatch { IsUnknown = batch.IsUnknown };
            alone.Add(job);
            Append(alone);
        }
    }

    /// <summary>One try. Never waits for longer than a connection may say nothing.</summary>
    private AppendAnswer Try(AppendBatch batch)
    {
        batch.MakeKeys(_lease.Generation, ref _keys);
        var connection = _connection!;
        var running = connection.RunAsync(batch, _lease.Generation);
        var started = _time.GetTimestamp();
        while (Task.WaitAny([running], Look) < 0)
        {
            GiveUpExpired(batch);
            TellExpired();
            if (_time.GetElapsedTime(started) < LongestTry && !_isGivenUp.IsSet)
                continue;
            // Nobody waits for it any more; when it ends, so does its connection.
            running.ContinueWith(_ => connection.DisposeAsync().AsTask(), TaskScheduler.Default);
            _connection = null;
            return new AppendAnswer(AppendOutcome.Unknown, new TimeoutException("The database does not answer."));
        }

        return running.Result;
    }

    /// <summary>Waits until the lease holds and the connection is there; false when meanwhile nothing is left to be appended.</summary>
    private bool WaitUntilReady(Func<bool> isLeft)
    {
        while (isLeft())
        {
            if (!_isGivenUp.IsSet && _lease.IsValid && IsConnected())
                return true;
            TellExpired();
        }

        return false;
    }

    /// <summary>Connects where it must; waits for that no longer than between two looks.</summary>
    private bool IsConnected()
    {
        if (_connection is { IsOpen: true })
            return true;
        _connection?.DisposeAsync().AsTask().Wait(Pause);
        _connection = null;
        _connecting ??= AppendConnection.OpenAsync(_database.NewLogConnection(), AppendsOneAlone);
        if (Task.WaitAny([_connecting], Look) < 0)
            return false;
        var connecting = _connecting;
        _connecting = null;
        if (connecting.IsCompletedSuccessfully)
        {
            _connection = connecting.Result;
            NoteAway(null);
            return true;
        }

        NoteAway(connecting.Exception!.GetBaseException());
        _isGivenUp.Wait(Pause);
        return false;
    }

    private void NoteAway(Exception? failure)
    {
        if (failure is not null && !_isAway)
            PostgresLog.Away(_logger, failure);
        if (failure is null && _isAway)
            PostgresLog.Back(_logger);
        _isAway = failure is not null;
    }

    /// <summary>
    /// Takes out of a batch who waits too long: nothing of it is stored. Of one that may be stored nobody is taken out before
    /// that is known. True when some are left.
    /// </summary>
    private bool LeaveOutExpired(AppendBatch batch)
    {
        if (batch.IsUnknown && !_isGivenUp.IsSet)
        {
            GiveUpExpired(batch);
            return true;
        }

        // They stand in the order in which they came.
        var expired = 0;
        for (; expired < batch.Count && IsExpired(batch.Jobs[expired]); expired++)
            Fail(batch.Jobs[expired], batch.Failure ?? new TimeoutException("The database is away."));
        if (expired > 0)
            batch.RemoveFirst(expired);
        return batch.Count > 0;
    }

    /// <summary>Who waits too long for what may be stored is told so; it is found out all the same.</summary>
    private void GiveUpExpired(AppendBatch batch)
    {
        foreach (var job in batch.Jobs)
        {
            if (!job.IsGivenUp && IsExpired(job))
                _toTell.Add(job.GiveUp(batch.Failure ?? new TimeoutException("The database does not answer.")));
        }
    }

    /// <summary>The same for those that wait in the queue. Tells them, and all others of whom something is known.</summary>
    private void TellExpired()
    {
        while (_queue.TryPeek(out var job) && IsExpired(job) && _queue.TryTake(out job))
            Fail(job, new TimeoutException("The database is away."));
        Tell();
    }

    private bool IsExpired(WaitingAppend job) => _isGivenUp.IsSet || _time.GetElapsedTime(job.Since) > Patience;

    private void Fail(WaitingAppend job, Exception failure)
    {
        // Who was told already is not told again.
        if (job.IsGivenUp)
            return;
        job.Submission.Failure = failure;
        _toTell.Add(job.Submission);
    }

    private void NoteAll(AppendBatch batch)
    {
        foreach (var job in batch.Jobs)
        {
            if (!job.IsGivenUp || job.Submission.Stored is not null)
                _toTell.Add(job.Submission);
        }
    }

    private void Tell()
    {
        if (_toTell.Count == 0)
            return;
        _sink.Told(CollectionsMarshal.AsSpan(_toTell));
        _toTell.Clear();
    }
}
