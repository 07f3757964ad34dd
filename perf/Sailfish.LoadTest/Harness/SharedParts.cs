using Sailfish.TestKit;

namespace Sailfish.LoadTest.Harness;

/// <summary>What the nodes of a cluster share: a PostgreSQL whose commits are on the disk, as an operator has it, and perhaps a bus.</summary>
internal sealed class SharedParts : IDisposable
{
    private const string Name = "load";

    private readonly PostgresServer _database;
    private readonly NatsServer? _bus;

    private SharedParts(PostgresServer database, NatsServer? bus) => (_database, _bus) = (database, bus);

    /// <summary>Its connection string.</summary>
    internal string Database => _database.ConnectionString(Name);

    /// <summary>The nodes' settings.</summary>
    internal Dictionary<string, string> Settings
    {
        get
        {
            Dictionary<string, string> settings = new() { ["Cluster:Database"] = Database };
            if (_bus is not null)
                settings["Cluster:Bus"] = _bus.Url;
            return settings;
        }
    }

    /// <summary>The database's processes.</summary>
    internal IReadOnlyList<int> ProcessIds => _database.ProcessIds();

    /// <summary>Runs a statement; gives its rows, a line each, with | between the columns.</summary>
    internal string Sql(string statement) => _database.SqlAsync(statement, Name).GetAwaiter().GetResult();

    internal static SharedParts Start(LoadSettings settings)
    {
        var database = PostgresServer.StartAsync(fsync: true, "shared_buffers=512MB").GetAwaiter().GetResult();
        try
        {
            database.CreateDatabaseAsync(Name).GetAwaiter().GetResult();
            return new SharedParts(database, settings.Bus == ClusterBus.Nats ? NatsServer.StartAsync().GetAwaiter().GetResult() : null);
        }
        catch
        {
            End(database);
            throw;
        }
    }

    public void Dispose()
    {
        if (_bus is not null)
            End(_bus);
        End(_database);
    }

    private static void End(IAsyncDisposable part) => part.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
