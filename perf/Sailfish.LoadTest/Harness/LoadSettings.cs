using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Harness;

/// <summary>What all scenarios have in common.</summary>
/// <param name="ServerPath">Sailfish.Server.dll; the build of this source tree when null.</param>
/// <param name="Pin">Whether server and load get cores of their own.</param>
/// <param name="ServerCores">The server's cores, as taskset takes them.</param>
/// <param name="LoadCore">The load's core.</param>
/// <param name="Transport">How sessions connect.</param>
/// <param name="Runs">How often the scenario runs, each time against a fresh server.</param>
/// <param name="DataRoot">Where the server's temporary data directory is made; the system's place when null.</param>
/// <param name="ServerEnvironment">Further environment of the server.</param>
internal sealed record LoadSettings(
    string? ServerPath,
    bool Pin,
    string ServerCores,
    int LoadCore,
    TransportKind Transport,
    int Runs,
    string? DataRoot,
    IReadOnlyList<KeyValuePair<string, string>> ServerEnvironment)
{
    /// <summary>Nodes of a cluster, where nobody says how many.</summary>
    internal const int Several = 3;

    /// <summary>What is put under load.</summary>
    internal ServerProgram Program { get; init; } = ServerProgram.Sailfish;

    /// <summary>Servers: with more than one, nodes of a cluster.</summary>
    internal int Nodes { get; init; } = 1;

    /// <summary>For what is about several nodes: three, where no number of them was asked for.</summary>
    internal LoadSettings OfSeveral => Nodes == 1 ? this with { Nodes = Several } : this;

    /// <summary>What nodes hurry each other by.</summary>
    internal ClusterBus Bus { get; init; }

    /// <summary>What a load usually sets, and what stays as the server ships it here.</summary>
    internal IReadOnlyList<string> WithoutSettings { get; init; } = [];
}
