using System.Buffers;
using System.Buffers.Binary;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// Puts messages together of the chunks of several chunk streams (RTMP 1.0, section 5.3.1):
/// <c>basic header | message header | extended time? | as much of the body as a chunk holds</c>. Bodies are taken as they come:
/// what a peer declares costs nothing until it sends it.
/// </summary>
internal sealed class RtmpChunkReader
{
    /// <summary>The longest header: 3 (basic) + 11 (message) + 4 (extended time).</summary>
    public const int MaxHeaderSize = 3 + 11 + sizeof(uint);

    /// <summary>The chunk size of both sides to begin with (section 5.4.1), and the least for long messages.</summary>
    public const int DefaultChunkSize = 128;

    private readonly RtmpLimits _limits;
    private readonly Dictionary<int, RtmpChunkStream> _streams = [];
    private int _chunkSize = DefaultChunkSize;

    /// <summary>The stream whose chunk is being read.</summary>
    private RtmpChunkStream? _current;

    /// <summary>Bytes that its chunk still lacks.</summary>
    private int _chunkLeft;

    public RtmpChunkReader(RtmpLimits limits)
    {
        _limits = limits;
    }

    /// <summary>Whether sound, pictures and scripts may come; before, nothing is held for them.</summary>
    public bool TakesMedia { get; set; }

    /// <summary>Bytes of memory that are held for bodies.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>
    /// Reads one message and moves <paramref name="input"/> past it; those that set the chunk size or abort a message it obeys and
    /// passes over. False: everything is consumed but a header that is not whole.
    /// </summary>
    public bool TryRead(ref ReadOnlySequence<byte> input, out RtmpMessage message)
    {
        while (TryBeginChunk(ref input) && TryFinishChunk(ref input))
        {
            if (TryTakeMessage(out message) && !TryObey(message))
                return true;
        }

        message = default;
        return false;
    }

    private bool TryBeginChunk(ref ReadOnlySequence<byte> input)
    {
        if (_current is not null)
            return true;
        Span<byte> scratch = stackalloc byte[MaxHeaderSize];
        var head = SequenceFront.Of(input, scratch);
        if (!TryReadBasicHeader(head, out var format, out var id, out var basicSize))
            return false;
        var stream = StreamOf(id);
        if (!stream.TryReadHeader(head[basicSize..], format, out var size))
            return false;
        Check(stream);
        input = input.Slice(basicSize + size);
        _current = stream;
        _chunkLeft = Math.Min(_chunkSize, stream.Body.Missing);
        return true;
    }

    /// <summary><c>format u2 | id u6</c>; the ids 0 and 1 say that it stands behind, less 64, in one byte or two (section 5.3.1.1).</summary>
    private static bool TryReadBasicHeader(ReadOnlySpan<byte> head, out int format, out int id, out int size)
    {
        var first = head.IsEmpty ? 0 : head[0];
        format = first >> 6;
        id = first & 0x3F;
        size = id <= 1 ? 2 + id : 1;
        if (head.Length < size)
            return false;
        if (id <= 1)
            id = 64 + head[1] + (id == 1 ? head[2] << 8 : 0);
        return true;
    }

    private RtmpChunkStream StreamOf(int id)
    {
        if (_streams.TryGetValue(id, out var stream))
            return stream;
        if (_streams.Count >= _limits.MaxChunkStreams)
            throw new MediaFormatException($"RTMP: more than {_limits.MaxChunkStreams} chunk streams.");
        return _streams[id] = new RtmpChunkStream();
    }

    /// <summary>At every chunk, for between two of them the chunk size may have become small.</summary>
    private void Check(RtmpChunkStream stream)
    {
        if (!TakesMedia && stream.Type is RtmpMessageType.Audio or RtmpMessageType.Video or RtmpMessageType.DataAmf0 or RtmpMessageType.DataAmf3 or RtmpMessageType.Aggregate)
            throw new MediaFormatException("RTMP: media before they may be published.");
        var max = stream.Type is RtmpMessageType.Audio or RtmpMessageType.Video ? _limits.MaxMediaBytes : _limits.MaxCommandBytes;
        if (stream.Length > max)
            throw new MediaFormatException($"RTMP: a message has more than {max} bytes.");
        if (_chunkSize < DefaultChunkSize && stream.Length > _limits.MaxBytesInSmallChunks)
            throw new MediaFormatException($"RTMP: a message of more than {_limits.MaxBytesInSmallChunks} bytes in chunks of less than {DefaultChunkSize}.");
    }

    private bool TryFinishChunk(ref ReadOnlySequence<byte> input)
    {
        var taken = (int)Math.Min(_chunkLeft, input.Length);
        if (taken > 0)
        {
            var body = _current!.Body;
            Hold(body.GrowthFor(taken));
            body.Add(input.Slice(0, taken));
            input = input.Slice(taken);
            _chunkLeft -= taken;
        }

        return _chunkLeft == 0;
    }

    private void Hold(int more)
    {
        if (HeldBytes + more > _limits.MaxUnfinishedBytes)
            ReleaseIdle();
        if (HeldBytes + more > _limits.MaxUnfinishedBytes)
            throw new MediaFormatException($"RTMP: messages under way hold more than {_limits.MaxUnfinishedBytes} bytes.");
        HeldBytes += more;
    }

    private void ReleaseIdle()
    {
        foreach (var stream in _streams.Values.Where(stream => !stream.IsUnderWay))
        {
            HeldBytes -= stream.Body.Capacity;
            stream.Body.Release();
        }
    }

    private bool TryTakeMessage(out RtmpMessage message)
    {
        var stream = _current!;
        _current = null;
        var isWhole = stream.Body.Missing == 0;
        message = isWhole ? stream.TakeMessage() : default;
        return isWhole;
    }

    private bool TryObey(in RtmpMessage message)
    {
        switch (message.Type)
        {
            case RtmpMessageType.SetChunkSize:
                SetChunkSize(ReadNumber(message));
                return true;
            case RtmpMessageType.Abort:
                if (_streams.TryGetValue((int)Math.Min(ReadNumber(message), int.MaxValue), out var stream))
                    stream.Abort();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Section 5.4.1. Its highest bit is to be 0; with it, the size is over every limit.</summary>
    private void SetChunkSize(uint size) => _chunkSize = size >= 1 && size <= _limits.MaxChunkBytes
        ? (int)size
        : throw new MediaFormatException($"RTMP: a chunk size that is not 1 to {_limits.MaxChunkBytes}.");

    /// <summary>The number that control messages begin with.</summary>
    public static uint ReadNumber(in RtmpMessage message) => message.Body.Length >= sizeof(uint)
        ? BinaryPrimitives.ReadUInt32BigEndian(message.Body)
        : throw new MediaFormatException("RTMP: a control message is too short.");
}
