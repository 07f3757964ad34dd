using Sailfish.Server.Hosting;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Delivery;

internal static class DeliveryServices
{
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddSailfishOptions<DeliveryOptions, DeliveryOptionsValidator>("Gateway");
        services.AddSingleton<Receipts>();
        services.AddSingleton<Router>();
        services.AddSingleton<Retransmitter>();
        services.AddSingleton<AckTable>();
        services.AddSingleton<AckSaver>();
        services.AddSingleton<AckService>();
        services.AddSingleton<SyncService>();
        services.AddSingleton<Broadcaster>();
        services.AddSingleton<UnackedCounter>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<ISubmissionSink>(s => s.GetRequiredService<Dispatcher>());
        services.AddHostedService(s => s.GetRequiredService<Dispatcher>());
        services.AddHostedService(s => s.GetRequiredService<AckSaver>());
        return services;
    }
}
