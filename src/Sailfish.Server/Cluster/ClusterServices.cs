using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster;

internal static class ClusterServices
{
    public static IServiceCollection AddCluster(this IServiceCollection services)
    {
        services.AddStartCheck(services => ClusterBusFactory.Check(services.GetRequiredService<IOptions<ClusterOptions>>().Value));
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<IClusterBusFactory, ClusterBusFactory>();
        return services;
    }
}
