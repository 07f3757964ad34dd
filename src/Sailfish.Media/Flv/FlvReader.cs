using System.Buffers;
using System.Buffers.Binary;

namespace Sailfish.Media.Flv;

/// <summary>
/// Reads an FLV byte stream (FLV 10.1 specification, sections E.2 to E.4.1), cut anywhere:
/// <c>header | (previous tag size u32 | tag header | body)*</c>. What is held grows with the bytes that came, never with the
/// length that a tag declares. For one caller at a time.
/// </summary>
public sealed class FlvReader
{
    private const int HeaderSize = 9;

    /// <summary>Bytes before a body: 4 (size of the previous tag) + 11 (tag header).</summary>
    private const int TagHeadSize = sizeof(uint) + 11;

    /// <summary>A header may be longer than ours, but it holds nothing that we know.</summary>
    private const int MaxHeaderBytes = 1024;

    private readonly int _maxTagBytes;
    private readonly BodyBuffer _body = new();
    private bool _isStarted;
    private int _unknownHeaderBytes;
    private bool _isInBody;
    private TagKind _kind;
    private uint _timestamp;

    /// <summary>A reader of one stream.</summary>
    /// <param name="maxTagBytes">The longest body that is taken: 1 to 16,777,215 bytes.</param>
    public FlvReader(int maxTagBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTagBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxTagBytes, UInt24.MaxValue);
        _maxTagBytes = maxTagBytes;
    }

    /// <summary>Bytes of memory that are held for the body under way.</summary>
    internal int HeldBytes => _body.Capacity;

    /// <summary>
    /// Reads one tag and moves <paramref name="input"/> past it. False: everything is consumed but at most 14 bytes, which must come
    /// again before the next ones. Sizes of previous tags and the header's flags are not looked at, tags without a body are
    /// passed over.
    /// </summary>
    /// <exception cref="MediaFormatException">It is no FLV of version 1, or a tag is too long, encrypted or of no known kind.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input, out FlvTag tag)
    {
        tag = default;
        if (!TryStart(ref input))
            return false;
        while (_isInBody || TryReadTagHead(ref input))
        {
            if (!TryFillBody(ref input))
                return false;
            _isInBody = false;
            tag = new FlvTag(_kind, _timestamp, _body.Take());
            if (!tag.Body.IsEmpty)
                return true;
        }

        tag = default;
        return false;
    }

    private bool TryStart(ref ReadOnlySequence<byte> input)
    {
        if (!_isStarted && !TryReadHeader(ref input))
            return false;
        var skipped = (int)Math.Min(_unknownHeaderBytes, input.Length);
        _unknownHeaderBytes -= skipped;
        input = input.Slice(skipped);
        return _unknownHeaderBytes == 0;
    }

    /// <summary><c>"FLV" | version u8 | flags u8 | header size u32</c> (section E.2).</summary>
    private bool TryReadHeader(ref ReadOnlySequence<byte> input)
    {
        Span<byte> scratch = stackalloc byte[HeaderSize];
        var header = SequenceFront.Of(input, scratch);
        if (header.Length < HeaderSize)
            return false;
        if (!header.StartsWith("FLV\u0001"u8))
            throw new MediaFormatException("FLV: the stream does not begin as FLV of version 1 does.");
        var size = BinaryPrimitives.ReadUInt32BigEndian(header[5..]);
        if (size is < HeaderSize or > MaxHeaderBytes)
            throw new MediaFormatException($"FLV: the header has not {HeaderSize} to {MaxHeaderBytes} bytes.");
        input = input.Slice(HeaderSize);
        _unknownHeaderBytes = (int)size - HeaderSize;
        _isStarted = true;
        return true;
    }

    /// <summary><c>previous tag size u32 | kind u8 | body size u24 | timestamp u24 | its highest byte u8 | stream id u24</c> (section E.4.1).</summary>
    private bool TryReadTagHead(ref ReadOnlySequence<byte> input)
    {
        Span<byte> scratch = stackalloc byte[TagHeadSize];
        var head = SequenceFront.Of(input, scratch);
        if (head.Length < TagHeadSize)
            return false;
        var tag = head[sizeof(uint)..];
        // The bits above the kind are 0, or the tag is encrypted.
        _kind = (TagKind)tag[0] is TagKind.Audio or TagKind.Video or TagKind.Script
            ? (TagKind)tag[0]
            : throw new MediaFormatException("FLV: a tag is encrypted or of no known kind.");
        var length = UInt24.Read(tag[1..]);
        if (length > _maxTagBytes)
            throw new MediaFormatException($"FLV: a tag has more than {_maxTagBytes} bytes.");
        _timestamp = (uint)(UInt24.Read(tag[4..]) | (tag[7] << 24));
        _body.Begin(length);
        _isInBody = true;
        input = input.Slice(TagHeadSize);
        return true;
    }

    private bool TryFillBody(ref ReadOnlySequence<byte> input)
    {
        var taken = (int)Math.Min(_body.Missing, input.Length);
        if (taken > 0)
            _body.Add(input.Slice(0, taken));
        input = input.Slice(taken);
        return _body.Missing == 0;
    }
}
