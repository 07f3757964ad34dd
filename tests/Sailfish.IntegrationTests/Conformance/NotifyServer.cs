using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Postgres;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A PostgreSQL that is nothing but a bus.</summary>
public sealed class NotifyServer : IBusServer, IAsyncLifetime
{
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync(fsync: false);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public Task KillAsync() => _server.KillAsync();

    public Task StartAgainAsync() => _server.StartAgainAsync();

    public void Hold() => _server.Hold();

    public void GoOn() => _server.GoOn();

    IClusterBus IBusServer.NewBus(string cluster, long generation, IBusReceiver receiver, ClusterMetrics metrics) =>
        new NotifyBus(_server.ConnectionString("postgres"), cluster, generation, receiver, metrics, TimeProvider.System, NullLogger<NotifyBus>.Instance);
}
