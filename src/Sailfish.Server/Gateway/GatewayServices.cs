using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Gateway.Listening;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway;

internal static class GatewayServices
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSailfishOptions<GatewayOptions, GatewayOptionsValidator>("Gateway");
        services.AddSailfishOptions<HttpOptions, HttpOptionsValidator>("Http");
        services.AddStartCheck(KestrelSetup.Check);
        services.AddSingleton(ConnectionBounds.Of);
        services.AddSingleton<ConnectionSlots>();
        services.AddSingleton<ConnectionLimiter>();
        services.AddSingleton<ConnectionAdmission>();
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<Forwarding>();
        services.AddSingleton<HostCheck>();
        services.AddSingleton<PathBase>();
        services.AddSingleton<ClosingConnections>();
        services.AddSingleton<PendingHeads>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<FrameGate>();
        services.AddSingleton<FrameHandler>();
        services.AddSingleton<FrameLoop>();
        services.AddSingleton<WebSocketLoop>();
        services.AddSingleton<WebSocketUpgrade>();
        services.AddSingleton<OriginCheck>();
        services.AddSingleton<LegacyPathLogin>();
        services.AddSingleton<ConnectionHost>();
        services.AddSingleton<TcpGateway>();
        services.AddSingleton<RtmpGateway>();
        services.AddSingleton<LiveGateway>();
        services.AddSingleton<IConnectionListenerFactory, GatewayListenerFactory>();
        services.AddSingleton<ServerState>();
        services.AddSingleton<BoundPorts>();
        services.AddSingleton<KestrelSetup>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(s => s.GetRequiredService<KestrelSetup>());
        services.Configure<SocketTransportOptions>(KestrelSetup.ConfigureSockets);
        HurriedServer.Take(services);
        services.AddHostedService<Sweeper>();
        services.AddHostedService<Lifecycle>();
        return services;
    }
}
