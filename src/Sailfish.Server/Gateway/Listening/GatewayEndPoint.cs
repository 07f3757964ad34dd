using System.Net;

namespace Sailfish.Server.Gateway.Listening;

/// <summary>What is spoken on a port.</summary>
internal enum GatewayPort
{
    /// <summary>Binary frames.</summary>
    Tcp,

    /// <summary>WebSockets, on the seed's path too.</summary>
    WebSocket,

    /// <summary>The page and the APIs, and WebSockets on <c>/ws</c>.</summary>
    Web,

    /// <summary>RTMP: encoders publish.</summary>
    Rtmp,
}

/// <summary>An address that <see cref="GatewayListenerFactory"/> listens on.</summary>
internal sealed class GatewayEndPoint(IPAddress address, int number, GatewayPort port, bool isTls) : IPEndPoint(address, number)
{
    public GatewayPort Spoken { get; } = port;

    public bool IsTls { get; } = isTls;
}
