using System.Buffers;
using System.Buffers.Binary;
using Sailfish.LoadTest.Net;
using Sailfish.Media.Amf;
using Sailfish.Media.Flv;

namespace Sailfish.LoadTest.Video;

/// <summary>
/// An encoder's side of RTMP 1.0, as much as it takes to publish: it says all that it has to say at once, and looks at the
/// answers only for whether it may.
/// </summary>
internal sealed class RtmpPublisher(string streamKey, int kbps) : Publisher(SyntheticStream.Of(kbps))
{
    private const int HandshakeSize = 1536;
    private const int ChunkSize = 65_536;
    private const byte Format3 = 3 << 6;

    private const byte SetChunkSize = 1;
    private const byte DataAmf0 = 18;
    private const byte CommandAmf0 = 20;

    private const byte ControlChunks = 2;
    private const byte CommandChunks = 3;
    private const byte SoundChunks = 4;
    private const byte VideoChunks = 6;

    /// <summary>What both peers call the first stream of a connection.</summary>
    private const int StreamId = 1;

    private readonly ArrayBufferWriter<byte> _body = new();
    private bool _hasShaken;
    private bool _isReady;

    internal override bool IsReady => _isReady;

    internal override void Open()
    {
        // C0 and C1; its time is 0, and so may chance be.
        var start = new byte[1 + HandshakeSize];
        start[0] = 3;
        Poller.Send(this, start);
    }

    internal override int Consume(ReadOnlyMemory<byte> received)
    {
        if (!_hasShaken)
        {
            // S0, S1 and S2.
            const int answer = 1 + (2 * HandshakeSize);
            if (received.Length < answer)
                return 0;
            _hasShaken = true;
            Poller.Send(this, received.Span.Slice(1, HandshakeSize));
            Ask();
            return answer + Consume(received[answer..]);
        }

        if (_isReady)
            return received.Length;
        if (received.Span.IndexOf("NetStream.Publish.Start"u8) >= 0)
            Begin();
        else if (received.Span.IndexOf("NetStream.Publish."u8) >= 0)
            Cut();
        // Kept until then: what is looked for may come in two pieces.
        return _isReady ? received.Length : 0;
    }

    protected override void Write(ArrayBufferWriter<byte> output, in FlvTag tag) =>
        WriteMessage(output, tag.Kind == TagKind.Video ? VideoChunks : SoundChunks, (byte)tag.Kind, StreamId, tag.Timestamp, tag.Body.Span);

    private void Begin()
    {
        _isReady = true;
        var output = new ArrayBufferWriter<byte>();
        var amf = NewBody();
        amf.WriteString("@setDataFrame"u8);
        amf.WriteString("onMetaData"u8);
        amf.WriteObjectStart();
        WriteMember(amf, "width"u8, 640);
        WriteMember(amf, "height"u8, 360);
        WriteMember(amf, "framerate"u8, SyntheticStream.FramesPerSecond);
        // H.264 and AAC.
        WriteMember(amf, "videocodecid"u8, 7);
        WriteMember(amf, "audiocodecid"u8, 10);
        amf.WriteObjectEnd();
        WriteMessage(output, SoundChunks, DataAmf0, StreamId, 0, _body.WrittenSpan);
        foreach (var header in Stream.Headers)
            Write(output, header);
        Poller.Send(this, output.WrittenSpan);
    }

    private void Ask()
    {
        var output = new ArrayBufferWriter<byte>();
        Span<byte> size = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(size, ChunkSize);
        WriteMessage(output, ControlChunks, SetChunkSize, 0, 0, size);

        var connect = NewCommand("connect"u8, 1);
        connect.WriteObjectStart();
        connect.WriteName("app"u8);
        connect.WriteString("live"u8);
        connect.WriteName("tcUrl"u8);
        connect.WriteString("rtmp://127.0.0.1/live"u8);
        connect.WriteObjectEnd();
        WriteMessage(output, CommandChunks, CommandAmf0, 0, 0, _body.WrittenSpan);

        NewCommand("createStream"u8, 2).WriteNull();
        WriteMessage(output, CommandChunks, CommandAmf0, 0, 0, _body.WrittenSpan);

        var publish = NewCommand("publish"u8, 3);
        publish.WriteNull();
        publish.WriteString(streamKey);
        publish.WriteString("live"u8);
        WriteMessage(output, CommandChunks, CommandAmf0, StreamId, 0, _body.WrittenSpan);
        Poller.Send(this, output.WrittenSpan);
    }

    private Amf0Writer NewBody()
    {
        _body.ResetWrittenCount();
        return new Amf0Writer(_body);
    }

    private Amf0Writer NewCommand(ReadOnlySpan<byte> name, double transaction)
    {
        var amf = NewBody();
        amf.WriteString(name);
        amf.WriteNumber(transaction);
        return amf;
    }

    private static void WriteMember(in Amf0Writer amf, ReadOnlySpan<byte> name, double value)
    {
        amf.WriteName(name);
        amf.WriteNumber(value);
    }

    /// <summary>One message, in chunks.</summary>
    private static void WriteMessage(ArrayBufferWriter<byte> output, byte chunks, byte type, int stream, uint timestamp, ReadOnlySpan<byte> body)
    {
        const int headSize = 12;
        var head = output.GetSpan(headSize);
        head[0] = chunks;
        WriteUInt24(head[1..], (int)timestamp);
        WriteUInt24(head[4..], body.Length);
        head[7] = type;
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], stream);
        output.Advance(headSize);
        for (; body.Length > ChunkSize; body = body[ChunkSize..])
        {
            output.Write(body[..ChunkSize]);
            output.Write([(byte)(Format3 | chunks)]);
        }

        output.Write(body);
    }

    private static void WriteUInt24(Span<byte> output, int value) =>
        (output[0], output[1], output[2]) = ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
}
