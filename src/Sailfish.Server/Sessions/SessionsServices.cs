using Sailfish.Server.Hosting;

namespace Sailfish.Server.Sessions;

internal static class SessionsServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSailfishOptions<SessionsOptions, SessionsOptionsValidator>("Gateway");
        services.AddSailfishOptions<LimitsOptions, LimitsOptionsValidator>("Limits");
        services.AddSingleton<ConnectionTable>();
        services.AddSingleton<PushMetrics>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<UserPaceTable>();
        services.AddSingleton<AccessService>();
        services.AddHostedService<PageSessionSweep>();
        return services;
    }
}
