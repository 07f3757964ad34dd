using Npgsql;

namespace Sailfish.Server.Cluster.Postgres;

/// <summary>How the bus connects: to the database of the store, but with connections of its own.</summary>
internal static class NotifySettings
{
    private const int ConnectSeconds = 2;

    /// <summary>Of a statement that its sender gave up on long before: it still holds its connection.</summary>
    private const int StatementSeconds = 10;

    /// <summary>
    /// What is notified is lost with the server in any case: no commit waits for the disk, or for a standby. And a node that
    /// stands still and reads nothing is cut off, since notifications are kept until all who listen have them: when there is
    /// no more room, nobody can notify.
    /// </summary>
    private const string Session = "-c synchronous_commit=off -c tcp_user_timeout=20s";

    public static string Of(string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database)
        {
            // A connection that hangs must be gone when it is closed, not in a pool.
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            Timeout = ConnectSeconds,
            CommandTimeout = StatementSeconds,
            // The server would be asked to cancel, and waited for, on the thread that cancels.
            CancellationTimeout = -1,
        };
        settings.Options = string.IsNullOrEmpty(settings.Options) ? Session : $"{settings.Options} {Session}";
        // A standby knows no notifications.
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
            settings.TargetSessionAttributes ??= "primary";
        settings.ApplicationName ??= "sailfish bus";
        return settings.ConnectionString;
    }
}
