using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sailfish.Server.Transports;

/// <summary>How much the kernel takes for a peer beyond what is on its way: what it holds for slow ones is memory that nobody counts.</summary>
internal static class UnsentLimit
{
    /// <summary>IPPROTO_TCP and TCP_NOTSENT_LOWAT of Linux (tcp(7)).</summary>
    private const int TcpLevel = 6;
    private const int TcpNotSentLowAt = 25;

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
