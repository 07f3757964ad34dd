using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>
/// The PROXY protocol's header, in which a proxy says for whom a connection is: version 1, a line of text, and version 2,
/// binary (HAProxy's doc/proxy-protocol.txt).
/// </summary>
internal static class ProxyHeader
{
    /// <summary>Of a header of version 2 with all that is appended to it; what is longer is refused.</summary>
    public const int MaxLength = 4096;

    private const int MaxLine = 107;
    private const int FixedLength = 16;
    private const int Version2 = 0x20;
    private const int OverTcp4 = 0x11;
    private const int OverTcp6 = 0x21;

    private static ReadOnlySpan<byte> Signature1 => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature2 => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Takes a header off the front of what came.</summary>
    /// <param name="input">What came; what is behind the header is left.</param>
    /// <param name="source">Whom it names; null for nobody: the proxy itself asks, or it does not know.</param>
    public static ProxyHeaderStatus TryRead(ref ReadOnlySequence<byte> input, out IPEndPoint? source)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        var bytes = buffer[..(int)Math.Min(input.Length, MaxLength)];
        input.Slice(0, bytes.Length).CopyTo(bytes);
        var status = StartsLike(bytes, Signature2) ? TryReadBinary(bytes, out var length, out source)
            : StartsLike(bytes, Signature1) ? TryReadLine(bytes, out length, out source)
            : Bad(out length, out source);
        if (status == ProxyHeaderStatus.Read)
            input = input.Slice(length);
        return status;
    }

    private static bool StartsLike(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) =>
        bytes.Length < signature.Length ? signature.StartsWith(bytes) : bytes.StartsWith(signature);

    private static ProxyHeaderStatus TryReadLine(ReadOnlySpan<byte> bytes, out int length, out IPEndPoint? source)
    {
        (length, source) = (0, null);
        var line = bytes[..Math.Min(bytes.Length, MaxLine)];
        var end = line.IndexOf("\r\n"u8);
        if (end < 0)
            return line.Length < MaxLine ? ProxyHeaderStatus.NeedMore : ProxyHeaderStatus.Bad;
        length = end + 2;
        var words = Encoding.Latin1.GetString(line[..end]).Split(' ');
        if (words[1] == "UNKNOWN")
            return ProxyHeaderStatus.Read;
        var family = words[1] switch { "TCP4" => AddressFamily.InterNetwork, "TCP6" => AddressFamily.InterNetworkV6, _ => AddressFamily.Unspecified };
        var isGood = words.Length == 6 && TryParse(words[2], words[4], family, out source) & TryParse(words[3], words[5], family, out _);
        return isGood ? ProxyHeaderStatus.Read : ProxyHeaderStatus.Bad;
    }

    private static bool TryParse(string address, string port, AddressFamily family, out IPEndPoint? endPoint)
    {
        endPoint = null;
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != family || address.AsSpan().ContainsAny("%[]"))
            return false;
        // Not "1" or "0x7f.1", which are read as addresses as well.
        if (family == AddressFamily.InterNetwork && parsed.ToString() != address)
            return false;
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        endPoint = new IPEndPoint(parsed, number);
        return true;
    }

    private static ProxyHeaderStatus TryReadBinary(ReadOnlySpan<byte> bytes, out int length, out IPEndPoint? source)
    {
        (length, source) = (0, null);
        if (bytes.Length < FixedLength)
            return ProxyHeaderStatus.NeedMore;
        length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        var (command, over) = (bytes[12] - Version2, bytes[13]);
        if (length > MaxLength || command is not (0 or 1))
            return ProxyHeaderStatus.Bad;
        if (bytes.Length < length)
            return ProxyHeaderStatus.NeedMore;
        // The proxy's own question, or one that is not TCP's, names nobody.
        var size = command == 0 ? 0 : over switch { OverTcp4 => 4, OverTcp6 => 16, _ => 0 };
        if (size == 0)
            return ProxyHeaderStatus.Read;
        var addresses = bytes[FixedLength..length];
        if (addresses.Length < (2 * size) + 4)
            return ProxyHeaderStatus.Bad;
        source = new IPEndPoint(new IPAddress(addresses[..size]), BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * size)..]));
        return ProxyHeaderStatus.Read;
    }

    private static ProxyHeaderStatus Bad(out int length, out IPEndPoint? source)
    {
        (length, source) = (0, null);
        return ProxyHeaderStatus.Bad;
    }
}
