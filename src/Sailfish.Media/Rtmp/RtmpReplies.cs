using System.Buffers;
using System.Buffers.Binary;
using Sailfish.Media.Amf;

namespace Sailfish.Media.Rtmp;

/// <summary>What a session answers (RTMP 1.0, section 7.2): <c>name | transaction | null or an object | values</c>.</summary>
internal sealed class RtmpReplies
{
    /// <summary>The one stream of a connection.</summary>
    public const int PublishedStream = 1;

    /// <summary>What we and the peer may send before the other acknowledges it, in bytes.</summary>
    public const int Window = 2_500_000;

    /// <summary>All that we say fits one chunk.</summary>
    private const int ChunkSize = 4096;

    /// <summary>Of limits: to be ignored by a peer that was given no hard one (section 5.4.5).</summary>
    private const byte Dynamic = 2;

    private const ushort StreamBegin = 0;
    private const ushort PingResponse = 7;

    private readonly RtmpChunkWriter _chunks;
    private readonly ArrayBufferWriter<byte> _body = new();

    public RtmpReplies(IBufferWriter<byte> output)
    {
        _chunks = new RtmpChunkWriter(output);
    }

    /// <summary>Codecs whose frames are told apart, so that pictures can begin at a key frame (E-RTMP v2, "Enhancing NetConnection connect Command").</summary>
    private static string[] FourCcs { get; } = ["avc1", "hvc1", "av01", "vp09", "vp08", "mp4a", "Opus", "ac-3", "ec-3", "fLaC", ".mp3"];

    /// <summary>Answers connect: the sizes of windows and chunks first, as programs expect it.</summary>
    public void Connected(double transaction)
    {
        _chunks.WriteNumber(RtmpMessageType.WindowAcknowledgementSize, Window);
        Span<byte> bandwidth = stackalloc byte[sizeof(uint) + 1];
        BinaryPrimitives.WriteUInt32BigEndian(bandwidth, Window);
        bandwidth[sizeof(uint)] = Dynamic;
        _chunks.WriteControl(RtmpMessageType.SetPeerBandwidth, bandwidth);
        _chunks.SetChunkSize(ChunkSize);

        var writer = Begin("_result"u8, transaction);
        WriteServer(writer);
        writer.WriteObjectStart();
        WriteInfo(writer, "status"u8, RtmpStatus.ConnectSuccess, "Connected.");
        writer.WriteName("objectEncoding"u8);
        writer.WriteNumber(0);
        WriteFourCcs(writer);
        writer.WriteObjectEnd();
        Send(RtmpChunkStreams.Connection, 0);
    }

    /// <summary>Answers createStream.</summary>
    public void StreamCreated(double transaction)
    {
        var writer = Begin("_result"u8, transaction);
        writer.WriteNull();
        writer.WriteNumber(PublishedStream);
        Send(RtmpChunkStreams.Connection, 0);
    }

    /// <summary>Answers what has no result.</summary>
    public void Done(double transaction)
    {
        var writer = Begin("_result"u8, transaction);
        writer.WriteNull();
        writer.WriteUndefined();
        Send(RtmpChunkStreams.Connection, 0);
    }

    /// <summary>Answers FCPublish, which says that publish will come; some programs wait for it.</summary>
    public void FcPublished() => Tell("onFCPublish"u8, 0, "status"u8, RtmpStatus.PublishStart, "Publish.");

    /// <summary>The command onStatus of a stream.</summary>
    public void Status(uint streamId, string code, string description) => Tell("onStatus"u8, streamId, "status"u8, code, description);

    /// <summary>The same for what went wrong.</summary>
    public void Error(uint streamId, string code, string description) => Tell("onStatus"u8, streamId, "error"u8, code, description);

    /// <summary>Section 7.1.7: the stream can be used.</summary>
    public void Begun(uint streamId) => WriteEvent(StreamBegin, streamId);

    /// <summary>Section 7.1.7: answers a ping with its time.</summary>
    public void Pong(uint time) => WriteEvent(PingResponse, time);

    /// <summary>Section 5.4.3: <paramref name="received"/> bytes have come, modulo 2^32.</summary>
    public void Acknowledge(long received) => _chunks.WriteNumber(RtmpMessageType.Acknowledgement, unchecked((uint)received));

    private static void WriteServer(Amf0Writer writer)
    {
        writer.WriteObjectStart();
        // Programs ask it for a number and nothing more.
        writer.WriteName("fmsVer"u8);
        writer.WriteString("FMS/3,0,1,123"u8);
        writer.WriteName("capabilities"u8);
        writer.WriteNumber(31);
        writer.WriteObjectEnd();
    }

    private static void WriteFourCcs(Amf0Writer writer)
    {
        writer.WriteName("fourCcList"u8);
        writer.WriteStrictArrayStart(FourCcs.Length);
        foreach (var name in FourCcs)
            writer.WriteString(name);
    }

    private static void WriteInfo(Amf0Writer writer, ReadOnlySpan<byte> level, string code, string description)
    {
        writer.WriteName("level"u8);
        writer.WriteString(level);
        writer.WriteName("code"u8);
        writer.WriteString(code);
        writer.WriteName("description"u8);
        writer.WriteString(description);
    }

    private void Tell(ReadOnlySpan<byte> command, uint streamId, ReadOnlySpan<byte> level, string code, string description)
    {
        var writer = Begin(command, 0);
        writer.WriteNull();
        writer.WriteObjectStart();
        WriteInfo(writer, level, code, description);
        writer.WriteObjectEnd();
        Send(streamId == 0 ? RtmpChunkStreams.Connection : RtmpChunkStreams.Stream, streamId);
    }

    private Amf0Writer Begin(ReadOnlySpan<byte> command, double transaction)
    {
        _body.ResetWrittenCount();
        var writer = new Amf0Writer(_body);
        writer.WriteString(command);
        writer.WriteNumber(transaction);
        return writer;
    }

    private void Send(int chunkStream, uint streamId) => _chunks.Write(chunkStream, RtmpMessageType.CommandAmf0, streamId, _body.WrittenSpan);

    private void WriteEvent(ushort kind, uint value)
    {
        Span<byte> body = stackalloc byte[sizeof(ushort) + sizeof(uint)];
        BinaryPrimitives.WriteUInt16BigEndian(body, kind);
        BinaryPrimitives.WriteUInt32BigEndian(body[sizeof(ushort)..], value);
        _chunks.WriteControl(RtmpMessageType.UserControl, body);
    }
}
