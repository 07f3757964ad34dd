using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sailfish.Protocol.WebSockets;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Transports;

/// <summary>The client's side of a WebSocket.</summary>
internal abstract class WebSocketTransport : Transport
{
    /// <summary>A fixed key: masking guards proxies against scripts, and there is neither here.</summary>
    private const uint MaskKey = 0x5AA53CC3;

    private readonly ArrayBufferWriter<byte> _assembled = new();
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
        while (TryReadFrame(received.Span[position..], out var frame))
        {
            var size = frame.Size;
            if (frame.IsWhole && frame.Opcode == _opcode)
                ReadMessage(received.Slice(position + frame.Head, frame.Length), sink);
            else if (!frame.IsWhole && (size = Assemble(received.Span[position..])) > 0)
                ReadMessage(_assembled.WrittenMemory, sink);
            if (size == 0)
                break;
            position += size;
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

    /// <summary>Puts the fragments of a message together; how many bytes they took, 0 while the last has not arrived.</summary>
    private int Assemble(ReadOnlySpan<byte> received)
    {
        _assembled.ResetWrittenCount();
        var position = 0;
        while (TryReadFrame(received[position..], out var frame))
        {
            var isFragment = frame.Opcode == _opcode || frame.Opcode == WebSocketOpcode.Continuation;
            if (isFragment)
                _assembled.Write(received.Slice(position + frame.Head, frame.Length));
            position += frame.Size;
            if (isFragment && frame.IsFinal)
                return position;
        }

        return 0;
    }

    /// <summary>Reads a server's frame. Control frames and closes are passed over: the socket's end says it all.</summary>
    private static bool TryReadFrame(ReadOnlySpan<byte> input, out ServerFrame frame)
    {
        frame = default;
        if (input.Length < 2)
            return false;
        var head = input[1] switch { 127 => 10, 126 => 4, _ => 2 };
        if (input.Length < head)
            return false;
        var length = head switch
        {
            10 => checked((int)BinaryPrimitives.ReadInt64BigEndian(input[2..])),
            4 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            _ => input[1],
        };
        frame = new ServerFrame((input[0] & 0x80) != 0, (WebSocketOpcode)(input[0] & 0x0F), head, length);
        return input.Length >= frame.Size;
    }

    private readonly record struct ServerFrame(bool IsFinal, WebSocketOpcode Opcode, int Head, int Length)
    {
        internal int Size => Head + Length;

        /// <summary>No fragment: a message or a control frame of its own.</summary>
        internal bool IsWhole => IsFinal && Opcode != WebSocketOpcode.Continuation;
    }
}
