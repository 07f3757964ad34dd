using System.Buffers.Binary;

namespace Sailfish.Media.Flv;

/// <summary>Writes FLV (FLV 10.1 specification, sections E.2 to E.4.1). A stream is <see cref="Header"/> and then tags, for ever.</summary>
public static class FlvWriter
{
    /// <summary>Bytes of <see cref="Header"/>: 9, and 4 for the size of the tag before the first one, which is 0.</summary>
    public const int HeaderSize = 9 + sizeof(uint);

    /// <summary>Bytes of a tag beside its body: <see cref="TagHeaderSize"/>, and 4 behind it for its size.</summary>
    public const int TagOverhead = TagHeaderSize + sizeof(uint);

    /// <summary>Bytes of a tag before its body.</summary>
    public const int TagHeaderSize = 11;

    /// <summary>What stands before the first tag; players prepare for the tracks that it promises (section E.2).</summary>
    public static ReadOnlySpan<byte> Header(bool hasAudio, bool hasVideo) => (hasAudio, hasVideo) switch
    {
        (true, true) => "FLV\u0001\u0005\0\0\0\u0009\0\0\0\0"u8,
        (true, false) => "FLV\u0001\u0004\0\0\0\u0009\0\0\0\0"u8,
        (false, true) => "FLV\u0001\u0001\0\0\0\u0009\0\0\0\0"u8,
        (false, false) => "FLV\u0001\0\0\0\0\u0009\0\0\0\0"u8,
    };

    /// <summary>Bytes of a tag whose body has <paramref name="bodyLength"/> of them, 0 to 16,777,215.</summary>
    public static int TagSize(int bodyLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bodyLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyLength, UInt24.MaxValue);
        return bodyLength + TagOverhead;
    }

    /// <summary>Writes a tag and its size behind it; returns how many bytes, which is <see cref="TagSize"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than that, or the body longer than a tag can have.</exception>
    public static int WriteTag(Span<byte> destination, TagKind kind, uint timestamp, ReadOnlySpan<byte> body)
    {
        var size = TagSize(body.Length);
        if (destination.Length < size)
            throw new ArgumentException($"A tag of {size} bytes does not fit.", nameof(destination));
        destination[0] = (byte)kind;
        UInt24.Write(destination[1..], body.Length);
        // The highest byte of the time stands behind the others.
        UInt24.Write(destination[4..], (int)(timestamp & UInt24.MaxValue));
        destination[7] = (byte)(timestamp >> 24);
        UInt24.Write(destination[8..], 0);
        body.CopyTo(destination[TagHeaderSize..]);
        BinaryPrimitives.WriteInt32BigEndian(destination[(TagHeaderSize + body.Length)..], TagHeaderSize + body.Length);
        return size;
    }
}
