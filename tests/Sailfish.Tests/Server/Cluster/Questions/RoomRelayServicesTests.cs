using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Questions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Tests.Server.Delivery;
using Sailfish.Tests.Server.Rooms;

namespace Sailfish.Tests.Server.Cluster.Questions;

public sealed class RoomRelayServicesTests
{
    [Fact]
    public async Task Rooms_ask_other_nodes_and_answer_them_without_a_circle()
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton(Fakes.Lease).AddSingleton<ClusterView>().AddEvents()
            .AddSingleton<Sailfish.Server.Cluster.ClusterNode>()
            .AddSingleton<IRoomCounts, NotedCounts>().AddSingleton<ISessionDirectory, SessionList>()
            .AddSingleton(Options.Create(new RoomsOptions()))
            .AddSingleton<RoomTable>().AddSingleton<RoomExits>().AddSingleton<RoomRestrictions>().AddSingleton<IRestrictionStore, NoRestrictions>()
            .AddSingleton<IRoomPolicy>(new FeedParts.NotedPolicy()).AddSingleton<IMessageHistory>(new FakeHistory()).AddSingleton<RoomService>()
            .AddSingleton<ILivingHistory>(new FakeLivingHistory()).AddSingleton<LivingTable>()
            .AddSingleton(new AppTable([new AppConfig { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) }]))
            .AddSingleton<SessionTable>().AddSingleton<PushMetrics>().AddSingleton<Broadcaster>()
            .AddRoomRelay()
            .BuildServiceProvider();
        Assert.NotNull(services.GetRequiredService<RoomService>());
        Assert.NotNull(services.GetRequiredService<Broadcaster>());
        Assert.Same(services.GetRequiredService<IRoomRelay>(), services.GetRequiredService<IGuestBook>());
        Assert.IsType<BanSweep>(Assert.Single(services.GetServices<IHostedService>()));
        var types = services.GetServices<INodeQuestion>().Select(question => question.Type).ToList();
        Assert.Equal(5, types.Distinct().Count());
        Assert.DoesNotContain((byte)0, types);
    }
}
