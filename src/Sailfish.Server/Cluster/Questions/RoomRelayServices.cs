using Sailfish.Server.Delivery;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

internal static class RoomRelayServices
{
    /// <summary>Rooms over several nodes: what this one asks and tells the others, and what it answers them.</summary>
    public static IServiceCollection AddRoomRelay(this IServiceCollection services)
    {
        services.AddSingleton<RoomRelay>();
        services.AddSingleton<IRoomRelay>(s => s.GetRequiredService<RoomRelay>());
        services.AddSingleton<IGuestBook>(s => s.GetRequiredService<RoomRelay>());
        services.AddSingleton<IAppRelay, AppRelay>();
        services.AddSingleton<INodeQuestion, RoomKickQuestion>();
        services.AddSingleton<INodeQuestion, RoomUsersQuestion>();
        services.AddSingleton<INodeQuestion, RoomHasUserQuestion>();
        services.AddSingleton<INodeQuestion, RoomHasSeenQuestion>();
        services.AddSingleton<INodeQuestion, RoomGuestsQuestion>();
        services.AddHostedService<BanSweep>();
        return services;
    }
}
