namespace Sailfish.Server.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditLog>();
        return services;
    }
}
