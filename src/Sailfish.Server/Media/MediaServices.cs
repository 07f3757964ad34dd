using Sailfish.Server.Hosting;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Publishing;
using Sailfish.Server.Media.Relaying;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Media;

internal static class MediaServices
{
    /// <param name="services">The server's.</param>
    /// <param name="isCluster">Streams of other nodes are watched here, and those of this one there; then the store's <see cref="ISharedStreams"/> is needed.</param>
    public static IServiceCollection AddMedia(this IServiceCollection services, bool isCluster)
    {
        services.AddSailfishOptions<MediaOptions, MediaOptionsValidator>("Media");
        services.AddSingleton<MediaMetrics>();
        services.AddSingleton<MediaPump>();
        services.AddSingleton<MediaSecret>();
        services.AddHostedService(s => s.GetRequiredService<MediaSecret>());
        services.AddSingleton<StreamKeys>();
        services.AddSingleton<StreamTokens>();
        services.AddSingleton<StreamTable>();
        services.AddSingleton<StreamAccess>();
        services.AddSingleton<EncoderAddress>();
        services.AddSingleton<IRoomStreams, RoomStreams>();
        services.AddSingleton<WrongKeys>();
        services.AddSingleton<PublishDesk>();
        services.AddSingleton<RtmpServer>();
        services.AddSingleton<ViewerDesk>();
        services.AddSingleton<StreamOffice>();
        services.AddHostedService<MediaSweep>();
        return isCluster ? services.AddShared() : services.AddSingleton<IStreamDirectory, LoneStreams>();
    }

    private static IServiceCollection AddShared(this IServiceCollection services)
    {
        services.AddSingleton<StreamDirectory>();
        services.AddSingleton<IStreamDirectory>(s => s.GetRequiredService<StreamDirectory>());
        services.AddHostedService(s => s.GetRequiredService<StreamDirectory>());
        services.AddSingleton<RelayTokens>();
        services.AddSingleton<RelayClient>();
        services.AddSingleton<StreamRelay>();
        return services;
    }
}
