using System.Net.Sockets;

namespace Sailfish.Server.Transports;

/// <summary>What the kernel knows of the peer of a TCP connection before its bytes are read.</summary>
internal static class PeerState
{
    /// <summary>IPPROTO_TCP and TCP_INFO of Linux; the first byte of the answer is the connection's state (tcp(7)).</summary>
    private const int Tcp = 6;
    private const int TcpInfo = 11;

    /// <summary>TCP_CLOSE, TCP_CLOSE_WAIT and TCP_LAST_ACK of include/net/tcp_states.h: the peer's FIN or RST has come.</summary>
    private const byte Closed = 7;
    private const byte LastAck = 9;

    /// <summary>Whether the peer has ended the connection. False on other systems than Linux: there only a read tells.</summary>
    public static bool HasLeft(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        Span<byte> state = stackalloc byte[1];
        try
        {
            return socket.GetRawSocketOption(Tcp, TcpInfo, state) == 1 && state[0] is >= Closed and <= LastAck;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
