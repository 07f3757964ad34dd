using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Looks each second, or at once when it is told to, which changes nodes have stored, this one among them, and hands them out.
/// It begins where it is made: who reads something into memory makes it before, and so misses no change.
/// </summary>
internal sealed class PostgresChangeFeed : BackgroundService, IChangeFeed, IChangeHurry, INodeListener
{
    /// <summary>Between looks that are hurried: what is told meanwhile comes with the next.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(20);

    /// <summary>Around a look: the two clocks are not read in one moment.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    /// <summary>Rows are kept for longer than this. Who could not look for so long reads everything anew.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>
    /// How much farther back it looks after everything was read anew: the clock of a database that took over may be behind.
    /// </summary>
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(1);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChangeHandlers _handlers = new();
    private readonly ChangeWindow _window;
    private TaskCompletionSource _hurry = NewHurry();
    private volatile bool _isMissed;
    private bool _isAway;
    private long _looked;

    public PostgresChangeFeed(PostgresDatabase database, TimeProvider time, ILogger<PostgresChangeFeed> logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        _looked = time.GetTimestamp();
        using var connection = database.Source.OpenConnection();
        _window = new ChangeWindow(connection.List(row => row.GetDateTime(0), ChangeReads.Horizon)[0]);
    }

    /// <summary>Between looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public void On(ChangeKind kind, Func<Change, Task> read) => _handlers.Add(kind, read);

    public void OnMissed(Func<Task> readAll) => _handlers.Add(readAll);

    public void Hurry() => Volatile.Read(ref _hurry).TrySetResult();

    /// <summary>A database that took over may lack what the one before had told.</summary>
    public Task EraBegunAsync(CancellationToken cancellationToken)
    {
        _isMissed = true;
        Hurry();
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await LookAsync(stoppingToken);
            await Task.WhenAny(_hurry.Task, Task.Delay(Interval, _time, stoppingToken));
            await Task.Delay(Apart, _time, stoppingToken);
            // Before the look: who hurries from now on may have been too late for it.
            if (_hurry.Task.IsCompleted)
                Volatile.Write(ref _hurry, NewHurry());
        }
    }

    private static TaskCompletionSource NewHurry() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_isMissed || _time.GetElapsedTime(_looked) > Kept)
                await ReadAllAsync(cancellationToken);
            await ReadNewAsync(cancellationToken);
            if (_isAway)
                PostgresLog.ChangesReadAgain(_logger);
            _isAway = false;
        }
#pragma warning disable CA1031 // whatever it is, it is tried again in a second
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!_isAway)
                PostgresLog.ChangesNotRead(_logger, failure);
            _isAway = true;
        }
    }

    private async Task ReadNewAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        var looked = _time.GetElapsedTime(_looked, now) + Overlap;
        var (horizon, rows) = await _database.ReadAsync(connection => connection.ReadChangesAsync(_window.Since, looked), cancellationToken);
        // One that came several times is read once.
        foreach (var same in rows.Where(_window.IsNew).GroupBy(row => row.Change))
            await TakeAsync(same.Key, [.. same]);
        _window.Close(horizon);
        _looked = now;
    }

    private async Task TakeAsync(Change change, List<ChangeRow> rows)
    {
        try
        {
            await _handlers.ReadAsync(change);
            rows.ForEach(_window.Take);
        }
#pragma warning disable CA1031 // the others are taken over all the same
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (rows.ConvertAll(_window.Fail).Contains(true))
                PostgresLog.ChangeNotTaken(_logger, failure, change.Kind);
        }
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        PostgresLog.ChangesMissed(_logger);
        // What is told while it is read is read again.
        _isMissed = false;
        try
        {
            var now = _time.GetTimestamp();
            var horizons = await _database.ReadAsync(connection => connection.ListAsync(row => row.GetDateTime(0), ChangeReads.Horizon), cancellationToken);
            await _handlers.ReadAllAsync();
            _window.Restart(horizons[0] - Back);
            _looked = now;
        }
        catch
        {
            _isMissed = true;
            throw;
        }
    }
}
