namespace Sailfish.Server.Events;

internal static class EventsServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<EpochClock>();
        services.AddSingleton<IBus, InProcessBus>();
        return services;
    }
}
