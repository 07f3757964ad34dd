using System.Data.Common;
using Npgsql;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>What <c>Sailfish:Cluster:Database</c> says, with what this program needs of its connections.</summary>
internal static class PostgresSettings
{
    private const string Setting = $"{ConfigurationCheck.Root}:Cluster:{nameof(ClusterOptions.Database)}";

    /// <summary>Connections of a node unless the setting says otherwise: all nodes together have to fit <c>max_connections</c>.</summary>
    private const int PoolSize = 20;
    private static readonly string[] PoolSizeNames = ["maximumpoolsize", "maxpoolsize"];

    /// <summary>Seconds in which a connection has to be there: a server that takes longer is away.</summary>
    private const int ConnectSeconds = 3;

    /// <summary>Seconds of silence after which the other machine is asked whether it is still there.</summary>
    private const int KeepAliveSeconds = 3;

    /// <summary>Seconds of a read or a small write before who waits for it is told that it failed.</summary>
    private const int CommandSeconds = 10;

    /// <summary>
    /// A plan for all appends: for each of few messages the database would else make one of its own, which costs more than the
    /// append. It may have been made while the tables were empty, and must not read all of a large one.
    /// </summary>
    private static readonly string[] LogPlans = ["plan_cache_mode=force_generic_plan", "enable_seqscan=off"];

    /// <summary>
    /// Of reads and small writes. The server gives up before the client does, which then knows what became of it.
    /// </summary>
    public static string ForPool(ClusterOptions options)
    {
        var settings = Parse(options);
        settings.Options = With(settings.Options, "jit=off", "statement_timeout=9s", "idle_in_transaction_session_timeout=9s");
        settings.CommandTimeout = CommandSeconds;
        // What one sets ends with its transaction.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        return settings.ToString();
    }

    /// <summary>
    /// Of the connection that appends messages. No command of it is ever cancelled: a COMMIT that is cancelled while it waits
    /// for the standby looks like one that succeeded. The server bounds all but the COMMIT, and so the time between a
    /// message's stamp and its commit.
    /// </summary>
    public static string ForLog(ClusterOptions options)
    {
        var settings = Parse(options);
        settings.Options = With(settings.Options, ["jit=off", "statement_timeout=3s", "idle_in_transaction_session_timeout=3s", .. LogPlans]);
        settings.CommandTimeout = 0;
        settings.Pooling = false;
        // A failure says whether it came before the COMMIT or after it.
        settings.IncludeFailedBatchedCommand = true;
        return settings.ToString();
    }

    /// <summary>
    /// Of the connection that renews the lease. Its commits never wait for the standby, whatever the setting says. Who asked
    /// gives up on it after 2 s, and leaves it to end by itself: the server would be asked to cancel, and waited for.
    /// </summary>
    public static string ForNode(ClusterOptions options)
    {
        var settings = Parse(options);
        settings.Options = $"{With(settings.Options, "jit=off", "statement_timeout=3s", "idle_in_transaction_session_timeout=3s")} -c synchronous_commit=local";
        settings.CommandTimeout = CommandSeconds;
        settings.CancellationTimeout = -1;
        settings.Pooling = false;
        return settings.ToString();
    }

    /// <summary>Of the connection that changes tables: it waits for as long as another node does the same.</summary>
    public static string ForMigrations(ClusterOptions options)
    {
        var settings = Parse(options);
        settings.CommandTimeout = 0;
        settings.Pooling = false;
        return settings.ToString();
    }

    /// <summary>Says what is wrong with the setting, and not what it is.</summary>
    private static NpgsqlConnectionStringBuilder Parse(ClusterOptions options)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(options.Database) { Enlist = false, Timeout = ConnectSeconds, IncludeErrorDetail = false };
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or NotSupportedException)
        {
            throw new ConfigurationException($"{Setting} is no connection string of Npgsql: {problem.Message}");
        }

        if (string.IsNullOrEmpty(settings.Host))
            throw new ConfigurationException($"{Setting} names no server: add Host=….");
        settings.ApplicationName ??= options.Name;
        // Reads of a standby would be older than what was told of.
        if (settings.Host.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "primary";
        if (settings.TcpKeepAliveTime == 0)
            (settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (KeepAliveSeconds, KeepAliveSeconds);
        if (!Names(options.Database!).Intersect(PoolSizeNames).Any())
            settings.MaxPoolSize = PoolSize;
        return settings;
    }

    private static IEnumerable<string> Names(string connectionString) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.Cast<string>()
            .Select(name => name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant());

    /// <summary>Settings of the server, for this session; those that the setting itself has come last and win.</summary>
    private static string With(string? own, params string[] settings) => $"{string.Join(' ', settings.Select(s => $"-c {s}"))} {own}".TrimEnd();
}
