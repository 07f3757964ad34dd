using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Sailfish.Client.Transports;

/// <summary>What a network throws.</summary>
internal static class ConnectionFaults
{
    public static bool Contains(Exception e) =>
        e is IOException or SocketException or WebSocketException or AuthenticationException or ObjectDisposedException;
}
