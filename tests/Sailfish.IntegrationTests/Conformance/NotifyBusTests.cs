namespace Sailfish.IntegrationTests.Conformance;

/// <summary>NOTIFY of PostgreSQL.</summary>
public sealed class NotifyBusTests(NotifyServer server) : ClusterBusConformance, IClassFixture<NotifyServer>
{
    private protected override IBusServer Server => server;
}
