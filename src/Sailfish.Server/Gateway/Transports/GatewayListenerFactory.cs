using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Gateway.Transports;

/// <summary>
/// Listens for Kestrel on ports without TLS, and keeps what is ours: TCP connections and WebSockets are served on their
/// sockets, and only HTTP goes on to Kestrel.
/// </summary>
internal sealed class GatewayListenerFactory(
    ConnectionHost host,
    WebSocketUpgrade upgrade,
    PendingHeads heads,
    IOptions<GatewayOptions> options,
    IOptions<SocketTransportOptions> sockets,
    ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is GatewayEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var address = (GatewayEndPoint)endpoint;
        Socket socket;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(inUse.Message, inUse);
        }

        socket.Listen(sockets.Value.Backlog);
        var kestrel = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketConnectionContextFactory>());
        return ValueTask.FromResult<IConnectionListener>(
            new GatewayListener(socket, address.Spoken, host, upgrade, heads, options.Value.MaxConnections + KestrelSetup.SpareConnections, kestrel, loggers.CreateLogger<GatewayListener>()));
    }
}
