using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Dialects;

namespace Sailfish.Server.Gateway;

/// <summary>Binary frames over TCP: the whole life of such a connection.</summary>
internal sealed class TcpGateway(ConnectionHost host, FrameLoop frames) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) =>
        host.RunAsync(connection, Dialect.Binary, greeting: default, opening: null, c => frames.RunAsync(connection.Transport.Input, c));
}
