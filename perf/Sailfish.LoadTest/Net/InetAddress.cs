using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sailfish.LoadTest.Net;

/// <summary><c>struct sockaddr_in</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct InetAddress
{
    internal const int Size = 16;

    private readonly ushort _family;
    private readonly ushort _port;
    private readonly uint _address;
    private readonly ulong _zero;

    private InetAddress(int port)
    {
        _family = Libc.AddressFamilyInet;
        _port = NetworkOrder((ushort)port);
        _address = BitConverter.ToUInt32([127, 0, 0, 1]);
        _zero = 0;
    }

    /// <summary>127.0.0.1: the tool never loads another machine.</summary>
    internal static InetAddress Loopback(int port) => new(port);

    private static ushort NetworkOrder(ushort value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
