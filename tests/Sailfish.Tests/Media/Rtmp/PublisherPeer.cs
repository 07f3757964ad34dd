using System.Buffers;
using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Tests.Media.Amf;
using Sailfish.Tests.Media.Flv;

namespace Sailfish.Tests.Media.Rtmp;

/// <summary>Both ends of a session: what a publishing program sends, what becomes of it, and what it is answered.</summary>
internal sealed class PublisherPeer : IRtmpPublisher
{
    /// <summary>S0, S1 and S2.</summary>
    public const int HandshakeBytes = 1 + (2 * 1536);

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly bool _acceptsAtOnce;
    private byte[] _rest = [];

    public PublisherPeer(bool acceptsAtOnce = true, RtmpLimits? limits = null)
    {
        _acceptsAtOnce = acceptsAtOnce;
        Session = new RtmpSession(this, _output, limits ?? RtmpLimits.Default);
    }

    /// <summary>C0, C1 and C2.</summary>
    public static byte[] Handshake { get; } = [3, .. Enumerable.Range(0, 2 * 1536).Select(at => (byte)(at * 7))];

    public RtmpSession Session { get; }

    public List<RtmpPublish> Asked { get; } = [];

    /// <summary>Tags as text; none are kept while <see cref="Forgets"/>.</summary>
    public List<string> Tags { get; } = [];

    public bool Forgets { get; set; }

    public int Stops { get; private set; }

    public ReadOnlySpan<byte> Output => _output.WrittenSpan;

    /// <summary>What is done with a tag, beside writing it down.</summary>
    public Action? OnTag { get; set; }

    /// <summary>All that ffmpeg and OBS say from connect to publish.</summary>
    public static byte[] Connecting(string app = "live", string stream = "100001-key") =>
    [
        .. ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Connect(app), streamId: 0),
        .. ChunkBytes.Control(RtmpMessageType.WindowAcknowledgementSize, 5_000_000),
        .. Command("releaseStream", 2, stream),
        .. Command("FCPublish", 3, stream),
        .. Command("createStream", 4),
        .. Command("_checkbw", 5),
        .. Command("publish", 6, stream, "live"),
    ];

    public static byte[] Command(string name, double transaction, params object[] values) =>
        ChunkBytes.Message(3, 0, RtmpMessageType.CommandAmf0, CommandBytes.Of(name, transaction, values), streamId: name == "publish" ? 1u : 0);

    /// <summary>A peer that publishes.</summary>
    public static PublisherPeer Publishing(RtmpLimits? limits = null)
    {
        var peer = new PublisherPeer(limits: limits);
        peer.Send(Handshake);
        peer.Send(Connecting());
        Assert.Equal(RtmpPhase.Publishing, peer.Session.Phase);
        return peer;
    }

    /// <summary>Sends bytes; what is not consumed comes again before the next ones.</summary>
    public void Send(params byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>([.. _rest, .. bytes]);
        Session.Receive(ref input);
        _rest = input.ToArray();
        Assert.True(_rest.Length < RtmpChunkReader.MaxHeaderSize || Session.Phase == RtmpPhase.PublishPending, $"{_rest.Length} bytes are left.");
    }

    /// <summary>What was answered behind the handshake, as text.</summary>
    public List<string> Answers()
    {
        var input = new ReadOnlySequence<byte>(_output.WrittenMemory[HandshakeBytes..]);
        var reader = new RtmpChunkReader(RtmpLimits.Default);
        List<string> answers = [];
        while (reader.TryRead(ref input, out var message))
            answers.Add(Describe(message));
        Assert.Equal(0, input.Length);
        return answers;
    }

    public void Publish(RtmpPublish request)
    {
        Asked.Add(request);
        Assert.Equal(RtmpPhase.PublishPending, Session.Phase);
        if (_acceptsAtOnce)
            Session.Accept();
    }

    public void Tag(in FlvTag tag)
    {
        if (!Forgets)
            Tags.Add(FlvBytes.Describe(tag));
        OnTag?.Invoke();
    }

    public void Stop()
    {
        Assert.Equal(RtmpPhase.Ended, Session.Phase);
        Stops++;
    }

    private static string Describe(RtmpMessage message) => message.Type == RtmpMessageType.CommandAmf0
        ? $"{message.StreamId}: {AmfText.Of(message.Body)}"
        : $"{message.Type} {Convert.ToHexString(message.Body)}";
}
