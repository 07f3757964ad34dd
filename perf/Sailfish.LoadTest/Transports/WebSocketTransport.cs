using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Transports;

/// <summary>The client's side of a WebSocket.</summary>
internal abstract class WebSocketTransport : Transport
{
    /// <summary>A fixed key: masking guards proxies against scripts, and there is neither here.</summary>
    private const uint MaskKey = 0x5AA53CC3;

    private readonly WebSocketOpcode _opcode;

    private protected WebSocketTransport(WebSocketOpcode opcode) => _opcode = opcode;

    /// <summary>The subprotocol to ask for; null for none.</summary>
    protected virtual string? Subprotocol => null;

    /// <summary>The path that is asked for.</summary>
    protected virtual string Path(string token, long userId) => "/ws";

    internal override void WriteOpening(IBufferWriter<byte> output, string token, long userId)
    {
        var subprotocol = Subprotocol is null ? "" : $"Sec-WebSocket-Protocol: {Subprotocol}\r\n";
        Encoding.ASCII.GetBytes(
            $"GET {Path(token, userId)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + subprotocol + "\r\n",
            output);
    }

    internal override int PortOf(ServerPorts ports) => ports.WebSocket;

    internal override int ReadOpeningAnswer(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        if (!received.StartsWith("HTTP/1.1 101"u8))
            throw new LoadTestException($"No WebSocket: {Encoding.Latin1.GetString(received[..end])}");
        return end + 4;
    }

    internal override int Read(ReadOnlyMemory<byte> received, IFrameSink sink)
    {
        var position = 0;
        while (TryReadHead(received.Span[position..], out var opcode, out var head, out var length)
            && received.Length - position - head >= length)
        {
            if (opcode == _opcode)
                ReadMessage(received.Slice(position + head, length), sink);
            position += head + length;
        }

        return position;
    }

    /// <summary>Takes the payload of one message.</summary>
    protected abstract void ReadMessage(ReadOnlyMemory<byte> payload, IFrameSink sink);

    /// <summary>Writes a masked frame that is a whole message.</summary>
    protected void WriteMessage(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        var head = payload.Length <= WebSocketFrame.MaxControlPayload ? 2 : 4;
        var span = output.GetSpan(head + sizeof(uint) + payload.Length);
        span[0] = (byte)(0x80 | (int)_opcode);
        span[1] = (byte)(0x80 | (head == 2 ? payload.Length : 126));
        if (head == 4)
            BinaryPrimitives.WriteUInt16BigEndian(span[2..], checked((ushort)payload.Length));
        BitConverter.TryWriteBytes(span[head..], MaskKey);
        var masked = span.Slice(head + sizeof(uint), payload.Length);
        payload.CopyTo(masked);
        WebSocketFrame.Unmask(masked, MaskKey);
        output.Advance(head + sizeof(uint) + payload.Length);
    }

    /// <summary>Reads a server's frame head. Control frames and closes are passed over: the socket's end says it all.</summary>
    private static bool TryReadHead(ReadOnlySpan<byte> input, out WebSocketOpcode opcode, out int head, out int length)
    {
        (opcode, head, length) = (default, 0, 0);
        if (input.Length < 2)
            return false;
        opcode = (WebSocketOpcode)(input[0] & 0x0F);
        head = input[1] switch { 127 => 10, 126 => 4, _ => 2 };
        if (input.Length < head)
            return false;
        length = head switch
        {
            10 => checked((int)BinaryPrimitives.ReadInt64BigEndian(input[2..])),
            4 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            _ => input[1],
        };
        return true;
    }
}
