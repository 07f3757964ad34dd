using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Sessions;

internal static class SessionsServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSailfishOptions<SessionsOptions, SessionsOptionsValidator>("Gateway");
        services.AddSailfishOptions<LimitsOptions, LimitsOptionsValidator>("Limits");
        services.AddSailfishOptions<GuestOptions, GuestOptionsValidator>("Living");
        services.AddSingleton<GuestSeats>();
        services.AddSingleton<ConnectionTable>();
        services.AddSingleton<PushMetrics>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<PresenceService>();
        services.AddSingleton<UserPaceTable>();
        services.AddSingleton<AccessService>();
        services.AddHostedService<PageSessionSweep>();
        services.AddHostedService<AccessWatch>();
        return services;
    }

    /// <summary>Beside it is needed the directory of the sessions of all nodes.</summary>
    public static IServiceCollection AddSharedSessions(this IServiceCollection services)
    {
        services.AddSingleton<SharedSessions>();
        services.AddSingleton<SessionExodus>();
        services.AddSingleton<INodeListener, SessionListener>();
        return services;
    }
}
