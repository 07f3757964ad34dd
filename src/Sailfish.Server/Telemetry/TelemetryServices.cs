using Sailfish.Server.Hosting;

namespace Sailfish.Server.Telemetry;

internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSailfishOptions<TelemetryOptions, TelemetryOptionsValidator>("Telemetry");
        services.AddHostedService<MetricsExport>();
        return services;
    }
}
