using Sailfish.Server.Cluster;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>Buses of one cluster on a server.</summary>
internal sealed class ServerBuses(IBusServer server, string cluster, ClusterMetrics metrics) : IClusterBusFactory
{
    public IClusterBus Create(long generation, IBusReceiver receiver) => server.NewBus(cluster, generation, receiver, metrics);
}
