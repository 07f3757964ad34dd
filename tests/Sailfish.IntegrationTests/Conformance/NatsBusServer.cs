using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Nats;
using Sailfish.Server.Nodes;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A nats-server.</summary>
public sealed class NatsBusServer : IBusServer, IAsyncLifetime
{
    private NatsServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await NatsServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public Task KillAsync() => _server.KillAsync();

    public Task StartAgainAsync() => _server.StartAgainAsync();

    public void Hold() => _server.Hold();

    public void GoOn() => _server.GoOn();

    IClusterBus IBusServer.NewBus(string cluster, long generation, IBusReceiver receiver, ClusterMetrics metrics)
    {
        Assert.True(NatsAddress.TryParse(_server.Url, out var address, out _));
        return new NatsBus(NatsSettings.Of(address, cluster), cluster, generation, receiver, metrics, TimeProvider.System, NullLogger<NatsBus>.Instance);
    }
}
