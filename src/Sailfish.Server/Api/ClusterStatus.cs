using System.Globalization;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster;
using Sailfish.Server.Delivery;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Api;

/// <summary>All nodes as this one knows them: itself as it is now, the others as they told when they last renewed their leases.</summary>
internal sealed class ClusterStatus(
    NodeLease lease,
    ClusterView view,
    ServerState state,
    ConnectionTable connections,
    RoomTable rooms,
    IOptions<ClusterOptions> options,
    IClusterHealth? health = null,
    DeliveryMetrics? metrics = null)
{
    private static readonly string Version = typeof(ClusterStatus).Assembly.GetName().Version!.ToString(3);

    public ClusterResponse Read()
    {
        var self = new NodeInfo(lease.Generation, Environment.MachineName, Version, connections.Count, rooms.Count, state.IsDraining, lease.Remaining);
        var nodes = view.Nodes.Where(node => node.Generation != self.Generation).Append(self).OrderBy(node => node.Generation);
        return new ClusterResponse([.. nodes.Select(Of)], options.Value.IsOn ? HealthWords.Of(health?.Health) : null, metrics?.Repairs ?? 0);
    }

    private NodeStatus Of(NodeInfo node) => new(
        node.Generation.ToString(CultureInfo.InvariantCulture), node.Name, node.Version, node.Connections, node.Rooms, node.IsDraining, LeaseOf(node));

    private long? LeaseOf(NodeInfo node) => options.Value.IsOn ? Math.Max(0, (long)node.Lease.TotalMilliseconds) : null;
}
