namespace Sailfish.IntegrationTests.Harness;

/// <summary>How a <see cref="ServerCluster"/> is made.</summary>
public sealed record ClusterPlan
{
    /// <summary>Without the rates that many clients on one address would run into, and without the page.</summary>
    public static readonly string[] Usual =
    [
        "Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0", "Limits:SyncsPerSecond=0",
        "Accounts:AttemptsPerMinute=0", "Accounts:CallsPerSecond=0", "Http:PageDir=/nonexistent", "Gateway:DrainSpreadSeconds=1",
    ];

    public int Nodes { get; init; } = 3;

    /// <summary>Of every node, as for a <see cref="ServerProcess"/>.</summary>
    public string[] Settings { get; init; } = Usual;

    /// <summary>A PostgreSQL that nobody else uses, so that it can be held and killed.</summary>
    public bool HasOwnPostgres { get; init; }

    /// <summary>Something between each node and the database that can lose an answer.</summary>
    public bool HasProxies { get; init; }

    /// <summary>A node that is started again has the ports that it had.</summary>
    public bool HasFixedPorts { get; init; }

    /// <summary>How many of the nodes, the first ones, say where the others reach them; with fixed ports.</summary>
    public int Advertising { get; init; }

    /// <summary>NATS instead of NOTIFY.</summary>
    public bool HasNats { get; init; }
}
