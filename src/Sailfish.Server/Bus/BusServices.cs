namespace Sailfish.Server.Bus;

internal static class BusServices
{
    public static IServiceCollection AddBus(this IServiceCollection services)
    {
        services.AddSingleton<EpochClock>();
        services.AddSingleton<IBus, InProcessBus>();
        return services;
    }
}
