using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Whether there is room for messages: on the disk, which is looked at each second, and in the database, whose size the
/// writer knows. What people do to mend it is stored all the same: some room is kept for that.
/// </summary>
internal sealed class MessageSpace
{
    private const long MiB = 1024 * 1024;

    /// <summary>Pages of indexes and of the tree that a message may take beside its own.</summary>
    private const long PagesAround = 2;

    /// <summary>Of the database, kept for what are no messages: a part of it, up to so many pages.</summary>
    private const long MaxReserve = 4096;
    private const long ReservedPart = 64;
    private static readonly TimeSpan TellingInterval = TimeSpan.FromMinutes(1);

    private readonly StorageFullException _diskIsLow;
    private readonly StorageFullException _databaseIsFull;
    private readonly string _folder;
    private readonly long _minFree;
    private readonly long _maxSize;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile bool _isDiskLow;
    private bool _isUnknown;
    private long _pagesLeft;
    private long? _toldAt;

    public MessageSpace(SqliteDatabase database, IOptions<StorageOptions> options, TimeProvider time, ILogger<MessageSpace> logger)
    {
        var storage = options.Value;
        _diskIsLow = new StorageFullException($"the disk has less free space than Sailfish:Storage:MinFreeMiB ({storage.MinFreeMiB})");
        _databaseIsFull = new StorageFullException($"the database has reached Sailfish:Storage:MaxSizeMiB ({storage.MaxSizeMiB})");
        _folder = Path.GetDirectoryName(Path.GetFullPath(database.Path))!;
        _minFree = storage.MinFreeMiB * MiB;
        _maxSize = storage.MaxSizeMiB * MiB;
        _time = time;
        _logger = logger;
        LookAtDisk();
    }

    /// <summary>What can be done without should be.</summary>
    public bool IsDiskLow => _isDiskLow;

    /// <summary>Asks the operating system: not for each message.</summary>
    public void LookAtDisk()
    {
        if (_minFree == 0 || _isUnknown)
            return;
        try
        {
            _isDiskLow = new DriveInfo(_folder).AvailableFreeSpace < _minFree;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A file system that does not say what is free: the size of the database is bounded all the same.
            _isUnknown = true;
            StorageLog.FreeSpaceUnknown(_logger, unknown);
        }
    }

    /// <summary>Why the message cannot be stored, or null. In the writer's thread and transaction.</summary>
    public StorageFullException? Refusal(Submission submission, AppendStatements statements)
    {
        var refusal = _isDiskLow ? _diskIsLow : HasPages(submission, statements) ? null : _databaseIsFull;
        if (refusal is not null)
            Tell(refusal);
        return refusal;
    }

    /// <summary>By an estimate that begins anew when it is used up: a look at the database costs more than that.</summary>
    private bool HasPages(Submission submission, AppendStatements statements)
    {
        if (_maxSize == 0)
            return true;
        // A character has at most three bytes.
        var pages = PagesAround + (submission.Data.Length * 3L / SqliteDatabase.PageSize);
        if (_pagesLeft < pages)
            _pagesLeft = PagesLeft(statements);
        if (_pagesLeft < pages)
            return false;
        _pagesLeft -= pages;
        return true;
    }

    private long PagesLeft(AppendStatements statements)
    {
        var max = _maxSize / SqliteDatabase.PageSize;
        return max - statements.UsedPages() - Math.Min(max / ReservedPart, MaxReserve);
    }

    private void Tell(StorageFullException refusal)
    {
        if (_toldAt is { } at && _time.GetElapsedTime(at) < TellingInterval)
            return;
        _toldAt = _time.GetTimestamp();
        StorageLog.MessagesRefused(_logger, refusal.Message);
    }
}
