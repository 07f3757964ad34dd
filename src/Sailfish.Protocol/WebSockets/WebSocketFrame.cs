using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sailfish.Protocol.WebSockets;

/// <summary>Opcodes of RFC 6455, section 5.2.</summary>
public enum WebSocketOpcode
{
    /// <summary>A further fragment of the message under way.</summary>
    Continuation = 0x0,

    /// <summary>UTF-8 text.</summary>
    Text = 0x1,

    /// <summary>Bytes.</summary>
    Binary = 0x2,

    /// <summary>The closing handshake.</summary>
    Close = 0x8,

    /// <summary>Asks for a pong with the same payload.</summary>
    Ping = 0x9,

    /// <summary>Answers a ping, or comes unasked.</summary>
    Pong = 0xA,
}

/// <summary>The head of a WebSocket frame.</summary>
/// <param name="Fin">Whether this frame ends its message.</param>
/// <param name="Opcode">What the frame is.</param>
/// <param name="PayloadLength">Bytes after the head.</param>
/// <param name="MaskKey">The client's key, as the bytes stand on the wire.</param>
/// <param name="Size">Bytes of the head itself.</param>
public readonly record struct WebSocketFrameHeader(bool Fin, WebSocketOpcode Opcode, long PayloadLength, uint MaskKey, int Size)
{
    /// <summary>Control frames may stand between the fragments of a message (RFC 6455, section 5.4).</summary>
    public bool IsControl => ((int)Opcode & 0x8) != 0;
}

/// <summary>Close codes of RFC 6455, section 7.4.1, that this server sends.</summary>
public static class WebSocketCloseCode
{
    public const ushort Normal = 1000;
    public const ushort GoingAway = 1001;
    public const ushort ProtocolError = 1002;
    public const ushort UnsupportedData = 1003;
    public const ushort InvalidPayload = 1007;
    public const ushort PolicyViolation = 1008;
    public const ushort MessageTooBig = 1009;

    /// <summary>Whether a peer may send <paramref name="code"/> in a close frame.</summary>
    public static bool IsValid(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}

/// <summary>
/// WebSocket framing, RFC 6455, section 5.2:
/// <c>FIN RSV1-3 opcode | MASK length7 | length16 or length64 | mask key | payload</c>.
/// </summary>
public static class WebSocketFrame
{
    /// <summary>The longest head a server writes: 2 + an 8-byte length.</summary>
    public const int MaxHeaderSize = 2 + 8;

    /// <summary>The longest payload of a control frame (RFC 6455, section 5.5).</summary>
    public const int MaxControlPayload = 125;

    /// <summary>What came of reading a head.</summary>
    public enum HeaderStatus
    {
        /// <summary>More bytes are needed.</summary>
        NeedMore,

        /// <summary>A head was read.</summary>
        Header,

        /// <summary>The peer breaks the protocol: close with 1002.</summary>
        ProtocolError,
    }

    /// <summary>
    /// Reads a client's frame head from the front of <paramref name="input"/> without moving past it.
    /// Refused: reserved bits, unknown opcodes, no mask, a fragmented or long control frame, a length that is negative.
    /// </summary>
    public static HeaderStatus TryReadHeader(in ReadOnlySequence<byte> input, out WebSocketFrameHeader header)
    {
        header = default;
        Span<byte> head = stackalloc byte[MaxHeaderSize + sizeof(uint)];
        var available = (int)Math.Min(input.Length, head.Length);
        input.Slice(0, available).CopyTo(head);
        if (available < 2)
            return HeaderStatus.NeedMore;

        var fin = (head[0] & 0x80) != 0;
        var reserved = head[0] & 0x70;
        var opcode = (WebSocketOpcode)(head[0] & 0x0F);
        var masked = (head[1] & 0x80) != 0;
        var length7 = head[1] & 0x7F;
        if (reserved != 0 || !masked || !Enum.IsDefined(opcode))
            return HeaderStatus.ProtocolError;
        if (opcode >= WebSocketOpcode.Close && (!fin || length7 > MaxControlPayload))
            return HeaderStatus.ProtocolError;

        var size = 2 + (length7 == 127 ? 8 : length7 == 126 ? 2 : 0) + sizeof(uint);
        if (available < size)
            return HeaderStatus.NeedMore;
        var length = length7 switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
            127 => BinaryPrimitives.ReadInt64BigEndian(head[2..]),
            _ => length7,
        };
        if (length < 0)
            return HeaderStatus.ProtocolError;
        var key = MemoryMarshal.Read<uint>(head[(size - sizeof(uint))..]);
        header = new WebSocketFrameHeader(fin, opcode, length, key, size);
        return HeaderStatus.Header;
    }

    /// <summary>
    /// XORs <paramref name="payload"/> with the key in place (RFC 6455, section 5.3);
    /// <paramref name="offset"/> is where it stands in the frame's payload.
    /// </summary>
    public static void Unmask(Span<byte> payload, uint key, int offset = 0)
    {
        // The key's bytes stand in wire order in memory, so a rotation by whole bytes moves the phase.
        var rotated = BitConverter.IsLittleEndian
            ? BitOperations.RotateRight(key, (offset & 3) * 8)
            : BitOperations.RotateLeft(key, (offset & 3) * 8);
        var i = 0;
        if (payload.Length >= Vector<byte>.Count)
        {
            var mask = Vector.AsVectorByte(new Vector<uint>(rotated));
            for (; i <= payload.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                var chunk = payload.Slice(i, Vector<byte>.Count);
                (new Vector<byte>(chunk) ^ mask).CopyTo(chunk);
            }
        }

        Span<byte> keyBytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(keyBytes, in rotated);
        for (; i < payload.Length; i++)
            payload[i] ^= keyBytes[i & 3];
    }

    /// <summary>Writes the head of an unfragmented server frame.</summary>
    public static void WriteHeader(IBufferWriter<byte> output, WebSocketOpcode opcode, int payloadLength)
    {
        var head = output.GetSpan(MaxHeaderSize);
        head[0] = (byte)(0x80 | (int)opcode);
        switch (payloadLength)
        {
            case <= MaxControlPayload:
                head[1] = (byte)payloadLength;
                output.Advance(2);
                break;
            case <= ushort.MaxValue:
                head[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payloadLength);
                output.Advance(4);
                break;
            default:
                head[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(head[2..], payloadLength);
                output.Advance(10);
                break;
        }
    }

    /// <summary>Writes a control frame with a payload of at most <see cref="MaxControlPayload"/> bytes.</summary>
    public static void WriteControl(IBufferWriter<byte> output, WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxControlPayload);
        WriteHeader(output, opcode, payload.Length);
        output.Write(payload);
    }

    /// <summary>Writes a close frame with a code and no text.</summary>
    public static void WriteClose(IBufferWriter<byte> output, ushort code)
    {
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        WriteControl(output, WebSocketOpcode.Close, payload);
    }
}
