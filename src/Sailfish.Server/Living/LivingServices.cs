using Sailfish.Server.Accounts;
using Sailfish.Server.Hosting;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

internal static class LivingServices
{
    public static IServiceCollection AddLiving(this IServiceCollection services)
    {
        services.AddSailfishOptions<LivingOptions, LivingOptionsValidator>("Living");
        services.AddSingleton<LivingTable>();
        services.AddSingleton<IRoomPolicy>(s => s.GetRequiredService<LivingTable>());
        services.AddSingleton<IAnchorNames>(s => s.GetRequiredService<LivingTable>());
        services.AddSingleton<LivingStarter>();
        services.AddSingleton<LivingSnapshot>();
        services.AddSingleton<LivingService>();
        services.AddHostedService<LivingKeeper>();
        return services;
    }
}
