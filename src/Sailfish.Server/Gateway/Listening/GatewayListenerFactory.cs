using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Sailfish.Server.Gateway.Admission;

namespace Sailfish.Server.Gateway.Listening;

/// <summary>
/// Listens for Kestrel, admits, and keeps what is ours: without TLS, TCP connections and WebSockets are served on their
/// sockets, and only HTTP goes on to Kestrel.
/// </summary>
internal sealed class GatewayListenerFactory(
    ConnectionAdmission admission,
    ConnectionHost host,
    LiveGateway live,
    WebSocketUpgrade upgrade,
    PendingHeads heads,
    IOptions<GatewayOptions> options,
    IOptions<SocketTransportOptions> sockets,
    TimeProvider time,
    ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>
    /// What Kestrel reads of a connection before anybody asks for it. With its own 1 MiB, a few hundred strangers who are
    /// held back (FramePace) would cost hundreds of megabytes; what a frame needs beyond it is read when it is waited for.
    /// </summary>
    private const int ReadAhead = 32 * 1024;

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
        var kestrel = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions { MaxReadBufferSize = ReadAhead }, loggers.CreateLogger<SocketConnectionContextFactory>());
        return ValueTask.FromResult<IConnectionListener>(
            new GatewayListener(socket, address, options.Value.ProxyProtocol, admission, host, live, upgrade, heads, kestrel, time, loggers.CreateLogger<GatewayListener>()));
    }
}
