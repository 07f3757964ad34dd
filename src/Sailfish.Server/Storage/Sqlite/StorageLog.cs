namespace Sailfish.Server.Storage.Sqlite;

internal static partial class StorageLog
{
    [LoggerMessage(200, LogLevel.Error, "A batch of {Count} writes failed and was rolled back")]
    public static partial void BatchFailed(ILogger logger, Exception failure, int count);

    [LoggerMessage(201, LogLevel.Error, "The transaction could not be rolled back")]
    public static partial void RollbackFailed(ILogger logger, Exception failure);

    [LoggerMessage(202, LogLevel.Information, "Retention deleted {Count} messages older than {Days} days")]
    public static partial void Retained(ILogger logger, int count, int days);

    [LoggerMessage(204, LogLevel.Error, "The disk did not take what was queued before the stop ended; it was not receipted")]
    public static partial void StopTooSlow(ILogger logger);

    [LoggerMessage(205, LogLevel.Warning, "The name of account {Account} is an older account's in other case or width: it is signed in to by its exact name only")]
    public static partial void NameWithoutKey(ILogger logger, long account);

    [LoggerMessage(206, LogLevel.Error, "Messages are refused: {Reason}. This is told once a minute")]
    public static partial void MessagesRefused(ILogger logger, string reason);

    [LoggerMessage(207, LogLevel.Error, "The look at the disk and the WAL failed")]
    public static partial void WatchFailed(ILogger logger, Exception failure);

    [LoggerMessage(208, LogLevel.Information, "The WAL had grown to {Bytes} bytes; beginning it anew succeeded: {IsDone}")]
    public static partial void WalCheckpointed(ILogger logger, long bytes, bool isDone);

    [LoggerMessage(209, LogLevel.Warning, "The free space of the disk cannot be read: Sailfish:Storage:MinFreeMiB is not watched")]
    public static partial void FreeSpaceUnknown(ILogger logger, Exception failure);

    [LoggerMessage(203, LogLevel.Error, "A run of the retention failed")]
    public static partial void RetentionFailed(ILogger logger, Exception failure);
}
