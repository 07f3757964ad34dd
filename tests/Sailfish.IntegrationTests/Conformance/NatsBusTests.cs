namespace Sailfish.IntegrationTests.Conformance;

/// <summary>NATS.</summary>
public sealed class NatsBusTests(NatsBusServer server) : ClusterBusConformance, IClassFixture<NatsBusServer>
{
    private protected override IBusServer Server => server;
}
