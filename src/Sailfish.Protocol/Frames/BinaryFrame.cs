using System.Buffers;
using System.Buffers.Binary;

namespace Sailfish.Protocol.Frames;

/// <summary>
/// The binary frame: <c>magic u16 | code i32 | length i32 | body</c>, big-endian (docs/protocol.md, section 1).
/// </summary>
public static class BinaryFrame
{
    /// <summary>The first two bytes of every frame: 0x48F1.</summary>
    public const ushort Magic = 18673;

    /// <summary>Bytes before the body: 2 (magic) + 4 (code) + 4 (length).</summary>
    public const int HeaderSize = 2 + 4 + 4;

    /// <summary>The largest body in bytes that a peer takes unless configured otherwise.</summary>
    public const int DefaultMaxBody = 65_536;

    /// <summary>
    /// Reads one frame from the front of <paramref name="input"/> and moves <paramref name="input"/> past it.
    /// Each header field is judged as soon as its bytes are there, so a lying length is refused before
    /// anything is buffered for it.
    /// </summary>
    public static FrameReadStatus TryRead(ref ReadOnlySequence<byte> input, int maxBody, out Frame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[HeaderSize];
        var available = (int)Math.Min(input.Length, HeaderSize);
        input.Slice(0, available).CopyTo(header);

        if (available < 2)
            return FrameReadStatus.NeedMore;
        if (BinaryPrimitives.ReadUInt16BigEndian(header) != Magic)
            return FrameReadStatus.BadMagic;
        if (available < 6)
            return FrameReadStatus.NeedMore;
        var code = BinaryPrimitives.ReadInt32BigEndian(header[2..]);
        if (!FrameCodes.IsKnown(code))
            return FrameReadStatus.UnknownCode;
        if (available < HeaderSize)
            return FrameReadStatus.NeedMore;
        var length = BinaryPrimitives.ReadInt32BigEndian(header[6..]);
        if (length < 0 || length > maxBody)
            return FrameReadStatus.BadLength;
        if (input.Length - HeaderSize < length)
            return FrameReadStatus.NeedMore;

        frame = new Frame((FrameCode)code, input.Slice(HeaderSize, length));
        input = input.Slice(HeaderSize + length);
        return FrameReadStatus.Frame;
    }

    /// <summary>Writes a whole frame.</summary>
    public static void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        WriteHeader(output.GetSpan(HeaderSize), code, body.Length);
        output.Advance(HeaderSize);
        output.Write(body);
    }

    /// <summary>Writes the <see cref="HeaderSize"/> bytes before a body of <paramref name="length"/> bytes.</summary>
    public static void WriteHeader(Span<byte> destination, FrameCode code, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Magic);
        BinaryPrimitives.WriteInt32BigEndian(destination[2..], (int)code);
        BinaryPrimitives.WriteInt32BigEndian(destination[6..], length);
    }
}
