using Dapper;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Looks each second at the free space of the disk and at the size of the WAL. SQLite begins the WAL anew only in a moment
/// without readers, and while readers overlap there is none: when it has grown too far, new readers wait for one.
/// </summary>
internal sealed class StorageWatch(
    SqliteDatabase database, MessageSpace space, IOptions<StorageOptions> options, TimeProvider time, ILogger<StorageWatch> logger) : RepeatedWork(TimeSpan.FromSeconds(1), time)
{
    /// <summary>New readers wait no longer than this; another process may read for longer.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);

    private long? _failedAt;

    protected override Task DoAsync(CancellationToken cancellationToken)
    {
        space.LookAtDisk();
        return LookAtWalAsync();
    }

    protected override void Failed(Exception fault) => StorageLog.WatchFailed(logger, fault);

    /// <summary>Begins the WAL anew when it is too large.</summary>
    internal async Task LookAtWalAsync()
    {
        var wal = new FileInfo(database.Path + "-wal");
        if (!wal.Exists || wal.Length <= options.Value.MaxWalMiB * 1024L * 1024)
            return;
        if (_failedAt is { } at && Time.GetElapsedTime(at) < PauseAfterFailure)
            return;
        // A thread of its own: it waits for the disk.
        var isDone = await Task.Factory.StartNew(Checkpoint, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _failedAt = isDone ? null : Time.GetTimestamp();
        StorageLog.WalCheckpointed(logger, wal.Length, isDone);
    }

    private bool Checkpoint()
    {
        using var connection = database.OpenUnpooled();
        // Most of the work, while everybody goes on.
        connection.Execute("PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(PASSIVE);");
        database.Readers.Close();
        try
        {
            var started = Time.GetTimestamp();
            bool isBusy;
            do
                isBusy = connection.QueryFirst<int>("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
            while (isBusy && Time.GetElapsedTime(started) < LongestHold);
            return !isBusy;
        }
        finally
        {
            database.Readers.Open();
        }
    }
}
