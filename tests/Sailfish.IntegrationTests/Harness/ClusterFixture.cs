namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// One cluster for the tests of a collection, which run one after the other; each keeps to users, rooms and people of its own.
/// </summary>
public sealed class ClusterFixture<T> : IAsyncLifetime
    where T : IClusterPlan
{
    private ServerCluster? _cluster;

    public ServerCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await ServerCluster.StartAsync(T.Plan);

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? default;
}
