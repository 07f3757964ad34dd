using Sailfish.Server.Hosting;

namespace Sailfish.Server.Nodes;

internal static class NodesServices
{
    private const string Section = "Cluster";

    /// <summary>
    /// The clock that everybody takes: what is stamped, and what ends, is the same for all who share a store. For a server
    /// that is alone it is the system's. The lease comes with the store, which numbers the starts.
    /// </summary>
    /// <param name="services">The server's.</param>
    /// <param name="isCluster">There are other nodes, or may be.</param>
    public static IServiceCollection AddNodes(this IServiceCollection services, bool isCluster)
    {
        services.AddSailfishOptions<ClusterOptions, ClusterOptionsValidator>(Section);
        services.AddSingleton<ClusterView>();
        if (!isCluster)
            return services.AddSingleton(TimeProvider.System);
        var time = new ClusterTime(TimeProvider.System);
        services.AddSingleton(time);
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<ChangeBell>();
        return services;
    }

    /// <summary>Whether the settings name a database that nodes share.</summary>
    public static bool IsCluster(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[$"{ConfigurationCheck.Root}:{Section}:{nameof(ClusterOptions.Database)}"]);
}
