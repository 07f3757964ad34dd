using Microsoft.AspNetCore.Connections;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>RTMP over TLS: the whole life of such a connection. Without TLS see GatewayListener.</summary>
internal sealed class RtmpGateway(LiveGateway live) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (ConnectionSlot.Of(connection).Refusal == Refusal.None)
            await live.RunAsync(new KestrelTransport(connection), Opening.Rtmp);
    }
}
