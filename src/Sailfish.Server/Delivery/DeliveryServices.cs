using Sailfish.Server.Hosting;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;

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

    /// <summary>
    /// For a node that is not alone. Beside it are needed the store's <see cref="IRepairSource"/> and <see cref="IRoomRoutes"/>,
    /// and somebody who brings what other nodes committed to <see cref="Dispatcher.TryReceive"/>.
    /// </summary>
    public static IServiceCollection AddSequencer(this IServiceCollection services)
    {
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<RoomSequencer>();
        services.AddSingleton<DirectSequencer>();
        services.AddSingleton<Sequencer>();
        services.AddSingleton<Feed>();
        services.AddSingleton<GapFiller>();
        services.AddHostedService(s => s.GetRequiredService<GapFiller>());
        services.AddSingleton<RoomAttendance>();
        services.AddSingleton<IRoomFeed>(s => s.GetRequiredService<RoomAttendance>());
        services.AddHostedService(s => s.GetRequiredService<RoomAttendance>());
        services.AddSingleton<StoreHorizons>();
        services.AddSingleton<SequencerRepair>();
        services.AddHostedService(s => s.GetRequiredService<SequencerRepair>());
        return services;
    }
}
