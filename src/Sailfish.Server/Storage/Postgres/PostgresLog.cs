namespace Sailfish.Server.Storage.Postgres;

internal static partial class PostgresLog
{
    [LoggerMessage(1300, LogLevel.Information, "The database was brought to version {Version}")]
    public static partial void Migrated(ILogger logger, int version);

    [LoggerMessage(1301, LogLevel.Error, "The database is away: messages wait, and are refused after 5 s")]
    public static partial void Away(ILogger logger, Exception failure);

    [LoggerMessage(1302, LogLevel.Information, "The database is back")]
    public static partial void Back(ILogger logger);

    [LoggerMessage(1303, LogLevel.Warning, "A try to append {Count} messages failed: {Outcome}")]
    public static partial void TryFailed(ILogger logger, Exception failure, int count, AppendOutcome outcome);

    [LoggerMessage(1305, LogLevel.Error, "The lease of this node could not be renewed; it is tried again")]
    public static partial void NotRenewed(ILogger logger, Exception failure);

    [LoggerMessage(1306, LogLevel.Warning, "This node could not be taken off the list of nodes; the others find out by its lease")]
    public static partial void NodeNotRemoved(ILogger logger, Exception failure);

    [LoggerMessage(1304, LogLevel.Error, "The database did not take what was queued before the stop ended; it was not receipted")]
    public static partial void StopTooSlow(ILogger logger);

    [LoggerMessage(1350, LogLevel.Error, "{Count} records of what the content check found could not be stored")]
    public static partial void RisksNotStored(ILogger logger, Exception failure, int count);

    [LoggerMessage(1351, LogLevel.Warning, "Counts of wrong passwords that have run out could not be deleted; it is tried again in a minute")]
    public static partial void LockoutsNotRemoved(ILogger logger, Exception failure);
}
