using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Cluster;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>A node that is nothing but its link to the others.</summary>
internal sealed class LinkedNode : IAsyncDisposable
{
    public LinkedNode(LocalBuses buses, long generation, TimeProvider? time = null)
    {
        Link = new ClusterLink(generation, buses, Traffic, Traffic, () => IsDatabaseOk, new ClusterMetrics(Fakes.Meters), time ?? TimeProvider.System, NullLoggerFactory.Instance);
    }

    public ClusterTraffic Traffic { get; } = new();

    public ClusterLink Link { get; }

    public bool IsDatabaseOk { get; set; } = true;

    public ValueTask DisposeAsync() => Link.DisposeAsync();
}
