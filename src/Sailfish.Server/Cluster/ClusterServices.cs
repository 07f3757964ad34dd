using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster.Questions;
using Sailfish.Server.Delivery;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Cluster;

internal static class ClusterServices
{
    public static IServiceCollection AddCluster(this IServiceCollection services, bool isCluster)
    {
        if (!isCluster)
            return services;
        services.AddStartCheck(services => ClusterBusFactory.Check(services.GetRequiredService<IOptions<ClusterOptions>>().Value));
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<IClusterBusFactory, ClusterBusFactory>();
        services.AddSingleton<ClusterNode>();
        services.AddSingleton<IClusterHealth>(s => s.GetRequiredService<ClusterNode>());
        services.AddSingleton<IMessageRelay, MessageRelay>();
        services.AddSingleton<ISessionCloser, SessionCloser>();
        return services.AddRoomRelay().AddStreamQuestions().AddLink();
    }

    /// <summary>What comes from other nodes, and the link over which it does.</summary>
    private static IServiceCollection AddLink(this IServiceCollection services)
    {
        services.AddSingleton<FrameReceiver>();
        services.AddSingleton<PlaceReader>();
        services.AddHostedService(s => s.GetRequiredService<PlaceReader>());
        services.AddSingleton<LocalTeller>();
        services.AddHostedService(s => s.GetRequiredService<LocalTeller>());
        services.AddSingleton<IClusterSink, ClusterSink>();
        services.AddSingleton<ICallHandler, NodeQuestions>();
        services.TryAddSingleton<ChangeBell>();
        services.AddSingleton<LinkKeeper>();
        services.AddSingleton<INodeListener>(s => s.GetRequiredService<LinkKeeper>());
        services.AddHostedService(s => s.GetRequiredService<LinkKeeper>());
        services.AddHostedService<LossWatch>();
        services.AddHostedService<CutOffWatch>();
        return services;
    }
}
