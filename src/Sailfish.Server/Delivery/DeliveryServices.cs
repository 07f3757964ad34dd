using Sailfish.Server.Hosting;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

internal static class DeliveryServices
{
    /// <param name="services">The server's.</param>
    /// <param name="isCluster">Other nodes append to the same log.</param>
    public static IServiceCollection AddDelivery(this IServiceCollection services, bool isCluster)
    {
        services.AddSailfishOptions<DeliveryOptions, DeliveryOptionsValidator>("Gateway");
        services.AddSingleton<Receipts>();
        services.AddSingleton<Router>();
        services.AddSingleton<Retransmitter>();
        services.AddSingleton<AckTable>();
        services.AddSingleton<AckSaver>();
        services.AddSingleton<DeliveredConversations>();
        services.AddSingleton<AckService>();
        services.AddSingleton<SyncService>();
        services.AddSingleton<Broadcaster>();
        services.AddSingleton<UnackedCounter>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<ISubmissionSink>(s => s.GetRequiredService<Dispatcher>());
        services.AddHostedService(s => s.GetRequiredService<Dispatcher>());
        services.AddHostedService(s => s.GetRequiredService<AckSaver>());
        return isCluster ? services.AddSequencer() : services;
    }

    /// <summary>
    /// Beside it are needed the store's <see cref="IRepairSource"/> and <see cref="IRoomRoutes"/>, and somebody who brings what
    /// other nodes committed to <see cref="Dispatcher.TryReceive"/>.
    /// </summary>
    private static IServiceCollection AddSequencer(this IServiceCollection services)
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
        services.AddSingleton<RoomEnds>();
        services.AddSingleton<SequencerRepair>();
        services.AddHostedService(s => s.GetRequiredService<SequencerRepair>());
        services.AddSingleton<ISessionDelivery, SessionDelivery>();
        return services;
    }
}
