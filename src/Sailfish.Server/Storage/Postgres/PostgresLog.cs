using Sailfish.Server.Nodes;

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

    [LoggerMessage(1305, LogLevel.Error, "The lease of this node could not be renewed; it is tried again and again")]
    public static partial void NotRenewed(ILogger logger, Exception failure);

    [LoggerMessage(1306, LogLevel.Warning, "This node could not be taken off the list of nodes; the others find out by its lease")]
    public static partial void NodeNotRemoved(ILogger logger, Exception failure);

    [LoggerMessage(1310, LogLevel.Information, "The lease of this node is renewed again")]
    public static partial void RenewedAgain(ILogger logger);

    [LoggerMessage(1311, LogLevel.Error, "The other nodes have given up node {Generation}, which is this one: it ends its sessions and begins anew")]
    public static partial void GivenUp(ILogger logger, long generation);

    [LoggerMessage(1312, LogLevel.Warning, "This node has begun anew, as node {Generation}")]
    public static partial void BegunAnew(ILogger logger, long generation);

    [LoggerMessage(1313, LogLevel.Warning, "Node {Generation} ({Name}) is silent and was given up; {Offline} users have no session any more")]
    public static partial void NodeGivenUp(ILogger logger, long generation, string name, int offline);

    [LoggerMessage(1314, LogLevel.Error, "Node {Generation} is silent and could not be given up; it is tried again")]
    public static partial void NodeNotReaped(ILogger logger, Exception failure, long generation);

    [LoggerMessage(1315, LogLevel.Warning, "The database has lost who is where, by a crash or a failover; all nodes tell it again (era {Era})")]
    public static partial void EraBegun(ILogger logger, long era);

    [LoggerMessage(1316, LogLevel.Error, "{Listener} failed at what it was told of the nodes")]
    public static partial void NotHeard(ILogger logger, Exception failure, string listener);

    [LoggerMessage(1317, LogLevel.Warning, "The clock of this machine is {Seconds:0.0} s behind the database's, by which all nodes go. Set it: what is not ours goes by it")]
    public static partial void ClockIsFar(ILogger logger, double seconds);

    [LoggerMessage(1318, LogLevel.Information, "The clock of this machine is near the database's again")]
    public static partial void ClockIsNear(ILogger logger);

    [LoggerMessage(1320, LogLevel.Error, "What other nodes have changed cannot be read; it is tried each second")]
    public static partial void ChangesNotRead(ILogger logger, Exception failure);

    [LoggerMessage(1321, LogLevel.Information, "What other nodes have changed is read again")]
    public static partial void ChangesReadAgain(ILogger logger);

    [LoggerMessage(1322, LogLevel.Error, "A change of the kind {Kind} could not be taken over; it is tried each second")]
    public static partial void ChangeNotTaken(ILogger logger, Exception failure, ChangeKind kind);

    [LoggerMessage(1323, LogLevel.Warning, "Changes of other nodes may have been missed: everything that is kept in memory is read anew")]
    public static partial void ChangesMissed(ILogger logger);

    [LoggerMessage(1324, LogLevel.Warning, "Changes that all nodes have heard of could not be deleted; it is tried again in a minute")]
    public static partial void ChangesNotRemoved(ILogger logger, Exception failure);

    [LoggerMessage(1304, LogLevel.Error, "The database did not take what was queued before the stop ended; it was not receipted")]
    public static partial void StopTooSlow(ILogger logger);

    [LoggerMessage(1330, LogLevel.Error, "Logins and logouts could not be stored; it is tried until they are")]
    public static partial void SessionsNotListed(ILogger logger, Exception failure);

    [LoggerMessage(1331, LogLevel.Warning, "The database did not take the last logouts before the stop ended; the others find out by this node's end")]
    public static partial void SessionsNotRemoved(ILogger logger);

    [LoggerMessage(1340, LogLevel.Warning, "Viewers of rooms on other nodes could not be read; those that are shown are older than they should be")]
    public static partial void RoomsNotCounted(ILogger logger, Exception failure);

    [LoggerMessage(1342, LogLevel.Information, "Retention deleted {Count} messages older than {Days} days")]
    public static partial void Retained(ILogger logger, long count, int days);

    [LoggerMessage(1341, LogLevel.Error, "The retention stopped half way; it is tried again in its next run")]
    public static partial void RetentionFailed(ILogger logger, Exception failure);

    [LoggerMessage(1350, LogLevel.Error, "{Count} records of what the content check found could not be stored")]
    public static partial void RisksNotStored(ILogger logger, Exception failure, int count);

    [LoggerMessage(1351, LogLevel.Warning, "Counts of wrong passwords and of begun conversations that have run out could not be deleted; it is tried again in a minute")]
    public static partial void CountsNotRemoved(ILogger logger, Exception failure);
}
