using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Sailfish.Server.Transports;

/// <summary>How much the kernel takes for a peer beyond what is on its way: what it holds for slow ones is memory that nobody counts.</summary>
internal static class UnsentLimit
{
    /// <summary>IPPROTO_TCP and TCP_NOTSENT_LOWAT of Linux (tcp(7)).</summary>
    private const int TcpLevel = 6;
    private const int TcpNotSentLowAt = 25;

    /// <summary>Of a connection that Kestrel has; does nothing where that is no socket's.</summary>
    public static void Set(IFeatureCollection connection, int bytes)
    {
        if (connection.Get<IConnectionSocketFeature>() is { Socket: var socket })
            Set(socket, bytes);
    }

    public static void Set(Socket socket, int bytes)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(TcpLevel, TcpNotSentLowAt, MemoryMarshal.AsBytes([bytes]));
            else
                socket.SendBufferSize = bytes;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer is gone: nothing waits.
        }
    }
}
