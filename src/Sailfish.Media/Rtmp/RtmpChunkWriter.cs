using System.Buffers;
using System.Buffers.Binary;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// Cuts messages into chunks (RTMP 1.0, section 5.3.1): each a header of format 0, and headers of format 3 within it. Times are
/// 0: what a server answers has none.
/// </summary>
internal sealed class RtmpChunkWriter
{
    /// <summary>1 (basic header) + 11 (message header).</summary>
    private const int HeaderSize = 1 + 11;

    private const int Format3 = 3 << 6;

    private readonly IBufferWriter<byte> _output;
    private int _chunkSize = RtmpChunkReader.DefaultChunkSize;

    public RtmpChunkWriter(IBufferWriter<byte> output)
    {
        _output = output;
    }

    /// <summary>Tells the peer the chunk size, and writes by it from then on.</summary>
    public void SetChunkSize(int size)
    {
        WriteNumber(RtmpMessageType.SetChunkSize, (uint)size);
        _chunkSize = size;
    }

    /// <summary>Writes a control message of one number, on the chunk stream that is for them (section 5.4).</summary>
    public void WriteNumber(RtmpMessageType type, uint number)
    {
        Span<byte> body = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(body, number);
        WriteControl(type, body);
    }

    /// <summary>Writes a control message.</summary>
    public void WriteControl(RtmpMessageType type, ReadOnlySpan<byte> body) => Write(RtmpChunkStreams.Control, type, 0, body);

    /// <summary>Writes a message; <paramref name="chunkStream"/> is 2 to 63.</summary>
    public void Write(int chunkStream, RtmpMessageType type, uint streamId, ReadOnlySpan<byte> body)
    {
        WriteHeader(chunkStream, type, streamId, body.Length);
        for (; body.Length > _chunkSize; body = body[_chunkSize..])
        {
            _output.Write(body[.._chunkSize]);
            _output.Write([(byte)(Format3 | chunkStream)]);
        }

        _output.Write(body);
    }

    private void WriteHeader(int chunkStream, RtmpMessageType type, uint streamId, int length)
    {
        var header = _output.GetSpan(HeaderSize);
        header[0] = (byte)chunkStream;
        UInt24.Write(header[1..], 0);
        UInt24.Write(header[4..], length);
        header[7] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], streamId);
        _output.Advance(HeaderSize);
    }
}
