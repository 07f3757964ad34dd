using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

public sealed class DeliveryServicesTests
{
    [Fact]
    public void A_node_that_is_alone_delivers_without_a_feed()
    {
        using var services = Services(isCluster: false).BuildServiceProvider();
        Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<Dispatcher>().TryReceive([]));
        Assert.Null(services.GetService<IRoomFeed>());
    }

    [Fact]
    public void What_a_node_of_several_needs_is_made_without_a_circle()
    {
        using var services = Services(isCluster: true).AddSingleton<IRepairSource>(_ => null!).AddSingleton<IRoomRoutes>(_ => null!).BuildServiceProvider();
        Assert.True(services.GetRequiredService<Dispatcher>().TryReceive([]));
        Assert.NotNull(services.GetRequiredService<IRoomFeed>());
        var hosted = services.GetServices<IHostedService>().Select(service => service.GetType()).ToList();
        Assert.Contains(typeof(GapFiller), hosted);
        Assert.Contains(typeof(RoomAttendance), hosted);
        Assert.Contains(typeof(SequencerRepair), hosted);
    }

    /// <summary>What delivery is made of, and in the place of what else it needs something that is never asked.</summary>
    private static IServiceCollection Services(bool isCluster)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Fakes.Lease)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddEvents()
            .AddDelivery(isCluster)
            .AddSingleton<ConnectionTable>()
            .AddSingleton<SessionTable>()
            .AddSingleton<PushMetrics>()
            .AddSingleton<MessageMetrics>()
            .AddSingleton<RoomTable>()
            .AddSingleton<RoomExits>()
            .AddSingleton<GapReader>()
            .AddSingleton<RoomPump>()
            .AddSingleton<IMessageHistory>(new FakeHistory())
            .AddSingleton<IPositionStore>(_ => null!)
            .AddSingleton<IRoomPolicy>(new FeedParts.NotedPolicy());
        return services;
    }
}
