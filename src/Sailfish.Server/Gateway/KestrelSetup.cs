using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Gateway.Listening;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>The ports on Kestrel.</summary>
internal sealed class KestrelSetup(
    IOptions<ServerOptions> server,
    IOptions<HttpOptions> http,
    IOptions<GatewayOptions> gateway,
    IOptions<MediaOptions> media,
    BoundPorts ports,
    IServiceProvider services) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>Between two requests of one connection.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How fast a request's body comes on average. With Kestrel's own 240 bytes a second, one that is nearly whole may stand
    /// still for a quarter of an hour, and keeps its bytes and its place.
    /// </summary>
    private static readonly MinDataRate BodyRate = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(5));

    private const string TcpTls = "Gateway:TcpTls";
    private const string WebSocketTls = "Gateway:WebSocketTls";
    private const string HttpTls = "Http:Tls";
    private const string RtmpTls = "Media:RtmpTls";

    /// <summary>Some port is open to other machines without TLS, and no proxy is said to stand before it.</summary>
    public bool IsOpenWithoutTls =>
        !IPAddress.IsLoopback(ports.Of(BoundPorts.Http).Address) && http.Value.TrustedProxies.Count == 0
        && !(Tls.IsOn(http.Value.Tls) && Tls.IsOn(gateway.Value.TcpTls) && Tls.IsOn(gateway.Value.WebSocketTls));

    /// <summary>The address and the certificates, before anything is opened.</summary>
    public static void Check(IServiceProvider services)
    {
        var gateway = services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        ParseBind(services.GetRequiredService<IOptions<ServerOptions>>().Value.Bind);
        Tls.ContextOf(gateway.TcpTls, TcpTls);
        Tls.ContextOf(gateway.WebSocketTls, WebSocketTls);
        Tls.ContextOf(services.GetRequiredService<IOptions<HttpOptions>>().Value.Tls, HttpTls);
        Tls.ContextOf(services.GetRequiredService<IOptions<MediaOptions>>().Value.RtmpTls, RtmpTls);
    }

    public void Configure(KestrelServerOptions options)
    {
        var address = ParseBind(server.Value.Bind);
        options.AddServerHeader = false;
        // How many connections there are is ConnectionSlots' affair.
        options.Limits.KeepAliveTimeout = KeepAlive;
        options.Limits.RequestHeadersTimeout = HeadLimit;
        options.Limits.MinRequestBodyDataRate = BodyRate;
        options.Listen(At(address, gateway.Value.TcpPort, GatewayPort.Tcp, gateway.Value.TcpTls), listen =>
        {
            ReturnSlots(listen);
            listen.Protocols = HttpProtocols.Http1;
            listen.UseTls(gateway.Value.TcpTls, TcpTls);
            listen.UseConnectionHandler<TcpGateway>();
            ports.Add(BoundPorts.Tcp, () => listen.IPEndPoint!);
        });
        options.Listen(At(address, gateway.Value.WebSocketPort, GatewayPort.WebSocket, gateway.Value.WebSocketTls), listen =>
        {
            ReturnSlots(listen);
            // WebSockets of RFC 6455 need HTTP/1.1.
            listen.Protocols = HttpProtocols.Http1;
            listen.UseTls(gateway.Value.WebSocketTls, WebSocketTls);
            UseUpgrade(listen, allowLegacyPath: true);
            ports.Add(BoundPorts.WebSocket, () => listen.IPEndPoint!);
        });
        options.Listen(At(address, http.Value.Port, GatewayPort.Web, http.Value.Tls), listen =>
        {
            ReturnSlots(listen);
            // A browser that has HTTP/2 opens its WebSockets within it, which is not our way (see WebSocketUpgrade).
            listen.Protocols = HttpProtocols.Http1;
            listen.UseTls(http.Value.Tls, HttpTls);
            UseUpgrade(listen, allowLegacyPath: false);
            ports.Add(BoundPorts.Http, () => listen.IPEndPoint!);
        });
        if (media.Value is { Enabled: true, RtmpPort: >= 0 })
            ListenForEncoders(options, address);
    }

    /// <summary>HTTP stays off the threads that take the sockets' events (see ServerHost): what it calls may take its time.</summary>
    public static void ConfigureSockets(SocketTransportOptions options) => options.Backlog = 4096;

    private static GatewayEndPoint At(IPAddress address, int number, GatewayPort port, TlsOptions? tls) =>
        new(address, number, port, Tls.IsOn(tls));

    /// <summary>Around all that happens on a connection, a handshake that fails too.</summary>
    private static void ReturnSlots(ListenOptions listen) => listen.Use(next => async connection =>
    {
        using var slot = ConnectionSlot.Of(connection);
        await next(connection);
    });

    private void ListenForEncoders(KestrelServerOptions options, IPAddress address) =>
        options.Listen(At(address, media.Value.RtmpPort, GatewayPort.Rtmp, media.Value.RtmpTls), listen =>
        {
            ReturnSlots(listen);
            listen.Protocols = HttpProtocols.Http1;
            listen.UseTls(media.Value.RtmpTls, RtmpTls);
            listen.UseConnectionHandler<RtmpGateway>();
            ports.Add(BoundPorts.Rtmp, () => listen.IPEndPoint!);
        });

    private void UseUpgrade(ListenOptions listen, bool allowLegacyPath)
    {
        var (upgrade, host, live) = (services.GetRequiredService<WebSocketUpgrade>(), services.GetRequiredService<ConnectionHost>(), services.GetRequiredService<LiveGateway>());
        listen.Use(next => async connection =>
        {
            var (transport, slot) = (new KestrelTransport(connection), ConnectionSlot.Of(connection));
            var opening = await upgrade.OpenAsync(transport, allowLegacyPath, slot);
            if (opening.Kind == OpeningKind.Ours)
                await host.RunAsync(transport, opening, slot);
            else if (opening.Kind == OpeningKind.Viewer)
                await live.RunAsync(transport, opening);
            else if (opening.Kind == OpeningKind.Other && slot.TryBecome(SlotKind.Http))
                await next(connection);
        });
    }

    private static IPAddress ParseBind(string bind)
    {
        if (string.Equals(bind, "localhost", StringComparison.OrdinalIgnoreCase))
            return IPAddress.Loopback;
        return IPAddress.TryParse(bind, out var address)
            ? address
            : throw new ConfigurationException($"Sailfish:Bind: '{bind}' is not an IP address. Use 127.0.0.1, 0.0.0.0, or the address of one interface.");
    }
}
