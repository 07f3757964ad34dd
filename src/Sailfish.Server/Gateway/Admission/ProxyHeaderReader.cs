using System.Buffers;
using System.Net;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>
/// Takes a proxy's header off a socket and not one byte more: whoever carries the connection on, TLS or Kestrel, finds its
/// own first byte.
/// </summary>
internal static class ProxyHeaderReader
{
    /// <summary>Whether there was a good header, and whom it names. Whoever calls sees to the time.</summary>
    public static async ValueTask<(bool IsGood, IPEndPoint? Source)> ReadAsync(SocketTransport transport)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ProxyHeader.MaxLength);
        try
        {
            for (var count = 0; await transport.WaitAsync();)
            {
                var seen = count + transport.Peek(buffer.AsSpan(count, ProxyHeader.MaxLength - count));
                if (seen == count)
                    break;
                var input = new ReadOnlySequence<byte>(buffer, 0, seen);
                var status = ProxyHeader.TryRead(ref input, out var source);
                if (status == ProxyHeaderStatus.Bad)
                    break;
                // What was seen is all the header's, or ends with it.
                var taken = seen - (status == ProxyHeaderStatus.Read ? (int)input.Length : 0);
                transport.Take(buffer.AsSpan(count, taken - count));
                count = taken;
                if (status == ProxyHeaderStatus.Read)
                    return (true, source);
            }

            return (false, null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
