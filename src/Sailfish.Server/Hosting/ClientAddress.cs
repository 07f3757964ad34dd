using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sailfish.Server.Hosting;

/// <summary>
/// Whom limits by address count: an IPv4 address, also when it is written as an IPv6 one, or a /64 of IPv6, which is what
/// one customer has. Behind a trusted proxy it is the address that the proxy names: whoever took the connection has put it
/// in the place of the proxy's own.
/// </summary>
internal readonly record struct ClientAddress(AddressFamily Family, ulong Number)
{
    private const int Prefix = 8;

    /// <summary>The one that a request comes from.</summary>
    public static ClientAddress Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>Where a request comes from; null where that is not known.</summary>
    public static IPEndPoint? EndPointOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, context.Connection.RemotePort) : null;

    /// <summary>The one at the other end of a connection; all that have none are one.</summary>
    public static ClientAddress Of(EndPoint? remote) => Of((remote as IPEndPoint)?.Address);

    /// <summary>The one that an address belongs to; all without an address are one.</summary>
    public static ClientAddress Of(IPAddress? address)
    {
        if (address is null)
            return default;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == sizeof(uint)
            ? new ClientAddress(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new ClientAddress(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary><c>192.0.2.1</c> or <c>2001:db8::/64</c>; empty for none.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Number);
            return new IPAddress(bytes[..sizeof(uint)]).ToString();
        }

        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[..Prefix], Number);
        return Family == AddressFamily.InterNetworkV6 ? $"{new IPAddress(bytes)}/64" : "";
    }
}
