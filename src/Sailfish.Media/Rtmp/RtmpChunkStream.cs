using System.Buffers.Binary;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// A chunk stream: what its last header said, for the next one leaves out what is the same, and its message under way
/// (RTMP 1.0, section 5.3.1).
/// </summary>
internal sealed class RtmpChunkStream
{
    /// <summary>Format 3: a header of no bytes, that goes on with a message or begins one like the last.</summary>
    private const int NoHeader = 3;

    /// <summary>A time field of this value: the time stands behind the header, in four bytes.</summary>
    private const int Extended = UInt24.MaxValue;

    /// <summary>The time, or what it differs by, as it last stood in a header.</summary>
    private uint _timeField;
    private bool _isExtended;
    private bool _hasHeader;
    private uint _timestamp;
    private uint _streamId;

    public BodyBuffer Body { get; } = new();

    public RtmpMessageType Type { get; private set; }

    /// <summary>Bytes of the message's body.</summary>
    public int Length { get; private set; }

    /// <summary>Whether a message has begun and is not whole.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>
    /// Reads the header of <paramref name="format"/>, which stands at the beginning of <paramref name="head"/>; false when it is not
    /// whole. Then nothing has changed.
    /// </summary>
    public bool TryReadHeader(ReadOnlySpan<byte> head, int format, out int size)
    {
        CheckFormat(format);
        size = SizeOf(format);
        if (head.Length < size)
            return false;
        var isRead = format == NoHeader ? TrySkipRepeatedTime(head, ref size) : TryReadTime(head, ref size);
        if (!isRead)
            return false;
        ReadMessage(head, format);
        return true;
    }

    /// <summary>The message that nothing is missing of.</summary>
    public RtmpMessage TakeMessage()
    {
        IsUnderWay = false;
        return new RtmpMessage(Type, _timestamp, _streamId, Body.Take());
    }

    /// <summary>Forgets the message under way.</summary>
    public void Abort()
    {
        IsUnderWay = false;
        Body.Begin(0);
    }

    private static int SizeOf(int format) => format switch
    {
        // time u24 | length u24 | type u8 | stream id u32
        0 => 11,
        // time difference u24 | length u24 | type u8
        1 => 7,
        // time difference u24
        2 => 3,
        _ => 0,
    };

    private void CheckFormat(int format)
    {
        if (IsUnderWay && format != NoHeader)
            throw new MediaFormatException("RTMP: a header stands within a message.");
        // Format 1 as the first is against section 5.3.1.2, but a widespread library begins so.
        if (!_hasHeader && format > 1)
            throw new MediaFormatException("RTMP: a chunk stream begins without a header.");
    }

    private bool TryReadTime(ReadOnlySpan<byte> head, ref int size)
    {
        var time = (uint)UInt24.Read(head);
        var isExtended = time == Extended;
        if (isExtended)
        {
            if (head.Length < size + sizeof(uint))
                return false;
            time = BinaryPrimitives.ReadUInt32BigEndian(head[size..]);
            size += sizeof(uint);
        }

        (_timeField, _isExtended) = (time, isExtended);
        return true;
    }

    /// <summary>
    /// Section 5.3.1.3 has the extended time repeated before each chunk of the message, but some programs do not repeat it. Where
    /// other bytes stand, they are the body's.
    /// </summary>
    private bool TrySkipRepeatedTime(ReadOnlySpan<byte> head, ref int size)
    {
        if (!_isExtended)
            return true;
        Span<byte> time = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(time, _timeField);
        var seen = Math.Min(head.Length, time.Length);
        if (!head[..seen].SequenceEqual(time[..seen]))
            return true;
        size += seen;
        return seen == time.Length;
    }

    private void ReadMessage(ReadOnlySpan<byte> head, int format)
    {
        _hasHeader = true;
        if (format <= 1)
        {
            Length = UInt24.Read(head[3..]);
            Type = (RtmpMessageType)head[6];
        }

        if (format == 0)
            _streamId = BinaryPrimitives.ReadUInt32LittleEndian(head[7..]);
        if (IsUnderWay)
            return;
        // After a header of format 0, format 3 adds the whole time once more (section 5.3.1.2.4).
        _timestamp = format == 0 ? _timeField : unchecked(_timestamp + _timeField);
        Body.Begin(Length);
        IsUnderWay = true;
    }
}
