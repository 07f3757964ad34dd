using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Video;

/// <summary>How the bytes of a stream stand in what a viewer receives: takes the frames of a WebSocket or the chunks of HTTP off.</summary>
internal sealed class AnswerBody(FlvCounter stream)
{
    private const int MostHead = 10;

    private Dress _dress;
    private bool _isData;
    private long _left;

    private enum Dress
    {
        None,
        WebSocket,
        Chunks,
    }

    /// <summary>Why a WebSocket was closed by its server; null while it was not.</summary>
    internal int? CloseCode { get; private set; }

    /// <summary>Reads the answer of HTTP to the opening; its length, 0 while it is not whole.</summary>
    internal int ReadOpening(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        var head = Encoding.Latin1.GetString(received[..end]);
        _dress = head switch
        {
            _ when head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) => Dress.WebSocket,
            _ when !head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) => throw new LoadTestException($"No stream: {head}"),
            _ when head.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) => Dress.Chunks,
            _ => Dress.None,
        };
        return end + 4;
    }

    /// <summary>Takes what came; how much of it, all but a head that is not whole. True when a frame of the picture is whole.</summary>
    internal bool Take(ReadOnlySpan<byte> received, out int taken)
    {
        var hasPicture = false;
        taken = 0;
        while (taken < received.Length)
        {
            if (_left == 0 && _dress != Dress.None)
            {
                var head = _dress == Dress.WebSocket ? ReadFrameHead(received[taken..]) : ReadChunkHead(received[taken..]);
                if (head == 0)
                    break;
                taken += head;
                continue;
            }

            var bytes = received[taken..];
            if (_dress != Dress.None)
                bytes = bytes[..(int)Math.Min(bytes.Length, _left)];
            if (_isData || _dress != Dress.WebSocket)
                hasPicture |= stream.Take(bytes);
            _left -= _dress == Dress.None ? 0 : bytes.Length;
            taken += bytes.Length;
        }

        return hasPicture;
    }

    private int ReadFrameHead(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return 0;
        var head = input[1] switch { 127 => MostHead, 126 => 4, _ => 2 };
        if (input.Length < head)
            return 0;
        _left = head switch
        {
            MostHead => BinaryPrimitives.ReadInt64BigEndian(input[2..]),
            4 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            _ => input[1],
        };
        var opcode = (WebSocketOpcode)(input[0] & 0x0F);
        _isData = opcode is WebSocketOpcode.Binary or WebSocketOpcode.Continuation;
        if (opcode == WebSocketOpcode.Close && _left >= sizeof(ushort) && input.Length >= head + sizeof(ushort))
            CloseCode = BinaryPrimitives.ReadUInt16BigEndian(input[head..]);
        return head;
    }

    /// <summary><c>length in hex CR LF</c>, behind the CR LF that ends the chunk before.</summary>
    private int ReadChunkHead(ReadOnlySpan<byte> input)
    {
        var start = input.StartsWith("\r\n"u8) ? 2 : 0;
        var end = input[start..].IndexOf("\r\n"u8);
        if (end < 0)
            return 0;
        if (!long.TryParse(input.Slice(start, end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left))
            throw new LoadTestException("A chunk of HTTP without its length.");
        return start + end + 2;
    }
}
