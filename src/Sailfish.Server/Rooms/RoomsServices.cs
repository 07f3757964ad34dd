using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Rooms;

internal static class RoomsServices
{
    public static IServiceCollection AddRooms(this IServiceCollection services)
    {
        services.AddSailfishOptions<RoomsOptions, RoomsOptionsValidator>("Rooms");
        services.AddSingleton<RoomTable>();
        services.AddSingleton<RoomExits>();
        services.AddSingleton<RoomViewers>();
        services.AddSingleton<RoomService>();
        services.AddSingleton<GapReader>();
        services.AddSingleton<RoomPump>();
        services.AddSingleton<RoomRestrictions>();
        services.AddHostedService<RestrictionSweep>();
        return services;
    }
}
