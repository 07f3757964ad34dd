using Sailfish.Server.Cluster;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>The real server behind a bus, and what can become of it.</summary>
internal interface IBusServer
{
    IClusterBus NewBus(string cluster, long generation, IBusReceiver receiver, ClusterMetrics metrics);

    /// <summary>It is gone at once.</summary>
    Task KillAsync();

    /// <summary>It is there again, where it was.</summary>
    Task StartAgainAsync();

    /// <summary>Its connections stand, and it does not answer.</summary>
    void Hold();

    void GoOn();
}
