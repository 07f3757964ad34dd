using Sailfish.Server.Accounts;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

internal static class LivingServices
{
    /// <param name="services">The server's.</param>
    /// <param name="isCluster">Other nodes have the same rooms; then the store's <see cref="ISharedLiving"/> and <see cref="ILeader"/> are needed.</param>
    public static IServiceCollection AddLiving(this IServiceCollection services, bool isCluster)
    {
        services.AddSailfishOptions<LivingOptions, LivingOptionsValidator>("Living");
        services.AddSingleton<LivingTable>();
        services.AddSingleton<IRoomPolicy>(s => s.GetRequiredService<LivingTable>());
        services.AddSingleton<IAnchorNames>(s => s.GetRequiredService<LivingTable>());
        services.AddSingleton<CoverTable>();
        services.AddHostedService<CoverWatch>();
        services.AddSingleton<LivingSnapshot>();
        services.AddSingleton<RoomStates>();
        services.AddSingleton<IRoomStates>(s => s.GetRequiredService<RoomStates>());
        services.AddSingleton<LivingService>();
        services.AddSingleton<RoomTextCheck>();
        services.AddHostedService<LivingKeeper>();
        return isCluster ? services.AddShared() : services.AddAlone();
    }

    private static IServiceCollection AddAlone(this IServiceCollection services)
    {
        services.AddSingleton<ILivingStarter, LivingStarter>();
        services.AddSingleton<IAnchorWatch, AnchorWatch>();
        return services;
    }

    private static IServiceCollection AddShared(this IServiceCollection services)
    {
        services.AddSingleton<LivingFollower>();
        services.AddSingleton<IRoomNews>(s => s.GetRequiredService<LivingFollower>());
        services.AddSingleton<ILivingStarter, SharedStarter>();
        services.AddSingleton<CalmTime>();
        services.AddSingleton<INodeListener>(s => s.GetRequiredService<CalmTime>());
        services.AddSingleton<IAnchorWatch, SharedAnchorWatch>();
        return services;
    }
}
