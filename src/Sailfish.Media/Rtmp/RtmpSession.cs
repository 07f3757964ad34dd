using System.Buffers;
using System.Buffers.Binary;
using Sailfish.Media.Flv;

namespace Sailfish.Media.Rtmp;

/// <summary>
/// The server's side of a connection that publishes (RTMP 1.0, and E-RTMP v2 where its codecs are met): bytes in, answers and calls
/// of an <see cref="IRtmpPublisher"/> out. It reads no clock and no socket. For one caller at a time: who refuses from elsewhere
/// waits for <see cref="Receive"/> to return.
/// </summary>
public sealed class RtmpSession
{
    private const ushort PingRequest = 6;

    private readonly IRtmpPublisher _owner;
    private readonly RtmpHandshake _handshake;
    private readonly RtmpChunkReader _chunks;
    private readonly RtmpReplies _replies;
    private readonly RtmpWindow _window = new();
    private int _leftBeforePublish;
    private bool _isConnected;
    private string _app = "";

    /// <summary>The stream that the peer publishes by.</summary>
    private uint _streamId;

    /// <summary>A session at the first byte of a connection.</summary>
    /// <param name="owner">Who is told what the peer wants.</param>
    /// <param name="output">Where answers go; whoever calls flushes it.</param>
    /// <param name="limits">How much of everything the peer may send.</param>
    public RtmpSession(IRtmpPublisher owner, IBufferWriter<byte> output, RtmpLimits limits)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(limits);
        _owner = owner;
        _handshake = new RtmpHandshake(output);
        _chunks = new RtmpChunkReader(limits);
        _replies = new RtmpReplies(output);
        _leftBeforePublish = limits.MaxBytesBeforePublish;
    }

    /// <summary>How far the session is.</summary>
    public RtmpPhase Phase { get; private set; }

    /// <summary>Bytes of memory that are held for messages under way.</summary>
    internal int HeldBytes => _chunks.HeldBytes;

    /// <summary>
    /// Reads what has come and moves <paramref name="input"/> past it: all but at most 17 bytes, which must come again before the
    /// next ones. While <see cref="Phase"/> is <see cref="RtmpPhase.PublishPending"/> it reads nothing: after <see cref="Accept"/> it is to be
    /// called again with what was left. When it is <see cref="RtmpPhase.Ended"/>, it moves past everything.
    /// </summary>
    /// <exception cref="MediaFormatException">The peer breaks the protocol or a limit. The phase is <see cref="RtmpPhase.Ended"/>.</exception>
    public void Receive(ref ReadOnlySequence<byte> input)
    {
        var before = input.Length;
        try
        {
            Read(ref input);
        }
        catch (MediaFormatException)
        {
            Phase = RtmpPhase.Ended;
            throw;
        }

        if (_window.Count(before - input.Length) && Phase is not (RtmpPhase.Handshake or RtmpPhase.Ended))
            _replies.Acknowledge(_window.Received);
    }

    /// <summary>Lets the peer publish: NetStream.Publish.Start.</summary>
    /// <exception cref="InvalidOperationException">The phase is not <see cref="RtmpPhase.PublishPending"/>.</exception>
    public void Accept()
    {
        if (Phase != RtmpPhase.PublishPending)
            throw new InvalidOperationException("Nobody asks to publish.");
        Phase = RtmpPhase.Publishing;
        _chunks.TakesMedia = true;
        _replies.Begun(_streamId);
        _replies.Status(_streamId, RtmpStatus.PublishStart, "Published.");
    }

    /// <summary>
    /// Ends the session, in whatever phase it is, and tells the peer why if it has come as far as connect. The owner closes the
    /// connection when that is sent.
    /// </summary>
    /// <param name="code">Of <see cref="RtmpStatus"/>, or another one that publishing programs know.</param>
    /// <param name="description">A sentence for people.</param>
    public void Refuse(string code, string description)
    {
        if (_isConnected && Phase != RtmpPhase.Ended)
            _replies.Error(_streamId, code, description);
        Phase = RtmpPhase.Ended;
    }

    private void Read(ref ReadOnlySequence<byte> input)
    {
        if (Phase == RtmpPhase.Handshake && _handshake.TryFinish(ref input))
            Phase = RtmpPhase.Connecting;
        while (TryReadMessage(ref input, out var message))
            Handle(message);
        if (Phase == RtmpPhase.Ended)
            input = input.Slice(input.End);
    }

    private bool TryReadMessage(ref ReadOnlySequence<byte> input, out RtmpMessage message)
    {
        message = default;
        return Phase switch
        {
            RtmpPhase.Connecting => TryReadBeforePublish(ref input, out message),
            RtmpPhase.Publishing => _chunks.TryRead(ref input, out message),
            _ => false,
        };
    }

    /// <summary>Who has not said yet what it will publish is not listened to for long.</summary>
    private bool TryReadBeforePublish(ref ReadOnlySequence<byte> input, out RtmpMessage message)
    {
        var allowed = input.Slice(0, Math.Min(input.Length, _leftBeforePublish));
        var before = allowed.Length;
        var isRead = _chunks.TryRead(ref allowed, out message);
        var taken = (int)(before - allowed.Length);
        _leftBeforePublish -= taken;
        input = input.Slice(taken);
        if (!isRead && input.Length > _leftBeforePublish)
            throw new MediaFormatException("RTMP: too many bytes before publish.");
        return isRead;
    }

    private void Handle(in RtmpMessage message)
    {
        switch (message.Type)
        {
            case RtmpMessageType.Audio:
                Give(TagKind.Audio, message.Timestamp, message.Body);
                break;
            case RtmpMessageType.Video:
                Give(TagKind.Video, message.Timestamp, message.Body);
                break;
            case RtmpMessageType.DataAmf0:
                GiveData(message.Timestamp, message.Body);
                break;
            case RtmpMessageType.DataAmf3:
                GiveData(message.Timestamp, Unwrap(message));
                break;
            case RtmpMessageType.CommandAmf0:
                Obey(message.StreamId, new RtmpCommand(message.Body));
                break;
            case RtmpMessageType.CommandAmf3:
                Obey(message.StreamId, new RtmpCommand(Unwrap(message).Span));
                break;
            case RtmpMessageType.UserControl:
                AnswerPing(message.Body);
                break;
            case RtmpMessageType.WindowAcknowledgementSize:
                _window.Resize(RtmpChunkReader.ReadNumber(message));
                break;
            default:
                break;
        }
    }

    /// <summary>The first byte of an AMF3 message names its form, of which there is one: AMF0.</summary>
    private static ReadOnlyMemory<byte> Unwrap(in RtmpMessage message) =>
        message.Body.Length > 0 ? message.Body.AsMemory(1) : throw new MediaFormatException("RTMP: an empty AMF3 message.");

    private void Give(TagKind kind, uint timestamp, ReadOnlyMemory<byte> body)
    {
        // Some encoders send a body of nothing where they have nothing to send.
        if (!body.IsEmpty)
            _owner.Tag(new FlvTag(kind, timestamp, body));
    }

    /// <summary>@setDataFrame asks a server to keep the script behind it for those who come later.</summary>
    private void GiveData(uint timestamp, ReadOnlyMemory<byte> body)
    {
        var set = "\u0002\0\u000D@setDataFrame"u8;
        var script = body.Span.StartsWith(set) ? body[set.Length..] : body;
        if (StreamMetadata.IsMetadata(script.Span))
            Give(TagKind.Script, timestamp, script);
    }

    private void AnswerPing(ReadOnlySpan<byte> body)
    {
        if (body.Length >= sizeof(ushort) + sizeof(uint) && BinaryPrimitives.ReadUInt16BigEndian(body) == PingRequest)
            _replies.Pong(BinaryPrimitives.ReadUInt32BigEndian(body[sizeof(ushort)..]));
    }

    private void Obey(uint streamId, RtmpCommand command)
    {
        var name = command.ReadName();
        if (name == "connect")
            Connect(ref command);
        else if (_isConnected)
            Obey(name, streamId, ref command);
        else
            throw new MediaFormatException("RTMP: a command before connect.");
    }

    private void Obey(string name, uint streamId, ref RtmpCommand command)
    {
        var transaction = command.ReadTransaction();
        switch (name)
        {
            case "releaseStream" or "_checkbw":
                _replies.Done(transaction);
                break;
            case "FCPublish":
                _replies.Done(transaction);
                _replies.FcPublished();
                break;
            case "createStream":
                _replies.StreamCreated(transaction);
                break;
            case "publish":
                Publish(streamId, command.ReadStreamName());
                break;
            case "FCUnpublish" or "deleteStream" or "closeStream":
                Stop();
                break;
            case "play":
                _replies.Error(streamId, RtmpStatus.PlayFailed, "Nothing is played here.");
                Phase = RtmpPhase.Ended;
                break;
            default:
                break;
        }
    }

    private void Connect(ref RtmpCommand command)
    {
        if (_isConnected)
            throw new MediaFormatException("RTMP: connect comes twice.");
        var transaction = command.ReadTransaction();
        _app = command.ReadApp();
        _isConnected = true;
        _replies.Connected(transaction);
    }

    private void Publish(uint streamId, string name)
    {
        if (Phase != RtmpPhase.Connecting)
            throw new MediaFormatException("RTMP: publish comes twice.");
        _streamId = streamId;
        Phase = RtmpPhase.PublishPending;
        _owner.Publish(new RtmpPublish(_app, name));
    }

    /// <summary>Programs also send these to be rid of an older stream, before they publish.</summary>
    private void Stop()
    {
        if (Phase != RtmpPhase.Publishing)
            return;
        _replies.Status(_streamId, RtmpStatus.UnpublishSuccess, "Ended.");
        Phase = RtmpPhase.Ended;
        _owner.Stop();
    }
}
