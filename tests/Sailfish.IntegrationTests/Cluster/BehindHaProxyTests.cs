using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>Three nodes behind a real HAProxy, as the operations guide sets them up.</summary>
public sealed class BehindHaProxyTests
{
    private static readonly string[] Settings = ["Http:TrustedProxies:0=127.0.0.1", "Gateway:ProxyProtocol=true"];

    [Fact]
    public async Task Clients_of_one_address_are_spread_and_lose_nothing_while_nodes_are_exchanged_and_killed_behind_it()
    {
        await using var cluster = await ServerCluster.StartAsync(new ClusterPlan { Settings = [.. ClusterPlan.Usual, .. Settings], HasFixedPorts = true });
        var door = FreePort.Next();
        await using var haproxy = await ProxyProcess.StartHaProxyAsync(door, cluster.Nodes);
        cluster.Door = door;
        await using var load = await ClusterLoad.StartAsync(cluster);
        // Nearly as many on each: HAProxy counts connections that it looks with, too.
        Assert.Equal(3, await cluster.CountAsync("SELECT count(*) FROM (SELECT FROM session GROUP BY node HAVING count(*) BETWEEN 2 AND 4) AS nodes"));
        await load.GoOnAsync(200);
        await cluster[0].StopAsync();
        await load.GoOnAsync(200);
        await cluster[0].StartAgainAsync();
        await cluster.ReadyAsync();
        await load.GoOnAsync(100);
        await cluster[1].KillAsync();
        await load.ReadyAsync();
        await load.GoOnAsync(200);
        await cluster[1].StartAgainAsync();
        await load.CheckAsync();
    }
}
