using Microsoft.AspNetCore.Connections;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>Binary frames over TLS: the whole life of such a connection. Without TLS see GatewayListener.</summary>
internal sealed class TcpGateway(ConnectionHost host) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) =>
        host.RunAsync(new KestrelTransport(connection), Opening.Tcp, ConnectionSlot.Of(connection));
}
