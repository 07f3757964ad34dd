using System.Buffers;
using Sailfish.Media;
using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Media.Publishing;

/// <summary>An encoder's connection. One loop reads, answers and passes on; others only wake it.</summary>
internal sealed class RtmpConnection : IRtmpPublisher, IPublisher
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Until it publishes, until the first frame, and between two of them.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(10);

    /// <summary>For the last words to go out.</summary>
    private static readonly TimeSpan CutLimit = TimeSpan.FromSeconds(1);

    /// <summary>No silence ends it: between two frames of an encoder there may be any.</summary>
    private static readonly Linger Linger = new(limit: TimeSpan.FromMilliseconds(700), silence: TimeSpan.FromMilliseconds(700), mostBytes: 4 * 1024 * 1024);

    private readonly Transport _transport;
    private readonly PublishDesk _desk;
    private readonly MediaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly RtmpSession _session;
    private readonly long _openedAt;
    private RtmpPublish? _request;
    private PublishAnswer? _answer;
    private long _mediaAt;
    private bool _hasBegun;
    private long _cutAt;
    private int _cut = -1;

    public RtmpConnection(Transport transport, PublishDesk desk, MediaMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_transport, _desk, _metrics, _time, _logger) = (transport, desk, metrics, time, logger);
        _session = new RtmpSession(this, _output, RtmpLimits.Default);
        _openedAt = _mediaAt = time.GetTimestamp();
    }

    public Transport Transport => _transport;

    /// <summary>What became of its wish to publish; null before that.</summary>
    public PublishAnswer? Answer => Volatile.Read(ref _answer);

    /// <summary>Why it was cut; null while it was not.</summary>
    public CutReason? WhyCut => Volatile.Read(ref _cut) is var cut and >= 0 ? (CutReason)cut : null;

    /// <summary>What is wrong with its stream; null while nothing is.</summary>
    public string? WhyBroken { get; private set; }

    /// <summary>Reads until it ends.</summary>
    /// <exception cref="MediaFormatException">What came cannot be read.</exception>
    public async Task RunAsync()
    {
        while (!await ReadAsync())
        {
        }

        await Linger.TryDrainAsync(_transport.Input, _time);
    }

    /// <summary>Takes what came; true at the end.</summary>
    private async Task<bool> ReadAsync()
    {
        var read = await _transport.Input.ReadAsync();
        var buffer = read.Buffer;
        _metrics.BytesIn((int)buffer.Length);
        _session.Receive(ref buffer);
        if (_session.Phase == RtmpPhase.PublishPending)
        {
            await FlushAsync();
            await JudgeAsync();
            _session.Receive(ref buffer);
        }

        _transport.Input.AdvanceTo(buffer.Start, buffer.End);
        // An encoder can be set to another codec by whoever reads it there.
        if (WhyBroken is { } broken)
            _session.Refuse(RtmpStatus.PublishDenied, broken);
        if (WhyCut is { } reason && _session.Phase != RtmpPhase.Ended)
            _session.Refuse(reason == CutReason.TakenOver ? RtmpStatus.PublishBadName : RtmpStatus.PublishDenied, Say(reason));
        await FlushAsync();
        return _session.Phase == RtmpPhase.Ended || read.IsCompleted;
    }

    public void Publish(RtmpPublish request) => _request = request;

    public void Tag(in FlvTag tag)
    {
        // What is not to be seen is no first frame, however much of it comes.
        if (_hasBegun)
            Volatile.Write(ref _mediaAt, _time.GetTimestamp());
        if (Answer is not { Stream: { } stream, Publication: { } publication })
            return;
        try
        {
            stream.Write(publication, tag);
        }
        catch (MediaFormatException broken)
        {
            WhyBroken ??= broken.Message;
            stream.Leave(publication, isStop: false);
        }
    }

    public void Stop() => Leave(isStop: true);

    public void Began()
    {
        Volatile.Write(ref _mediaAt, _time.GetTimestamp());
        _hasBegun = true;
    }

    public void Cut(CutReason reason)
    {
        if (Interlocked.CompareExchange(ref _cut, (int)reason, -1) != -1)
            return;
        Volatile.Write(ref _cutAt, _time.GetTimestamp());
        _transport.Input.CancelPendingRead();
    }

    /// <summary>It publishes no more. The first time counts.</summary>
    public void Leave(bool isStop)
    {
        if (Answer is { Stream: { } stream, Publication: { } publication })
            stream.Leave(publication, isStop);
    }

    /// <summary>Looks at the clock, and ends what takes too long.</summary>
    public void Sweep()
    {
        if (Volatile.Read(ref _cutAt) is var cutAt and not 0)
        {
            if (_time.GetElapsedTime(cutAt) > CutLimit)
                _transport.Abort("The publisher was cut.");
            return;
        }

        var limit = _session.Phase == RtmpPhase.Handshake ? HandshakeLimit : SilenceLimit;
        if (_time.GetElapsedTime(_session.Phase == RtmpPhase.Publishing ? Volatile.Read(ref _mediaAt) : _openedAt) > limit)
            Cut(CutReason.Silent);
    }

    private async Task JudgeAsync()
    {
        var answer = await _desk.ByKeyAsync(_request!, this, _transport.RemoteEndPoint);
        _request = null;
        Volatile.Write(ref _mediaAt, _time.GetTimestamp());
        Volatile.Write(ref _answer, answer);
        if (answer is not { Stream: { } stream, Publication: { } publication })
        {
            _session.Refuse(answer.Code!, answer.Why!);
            return;
        }

        MediaLog.Publishing(_logger, publication.User.UserId, stream.Room.RoomId, "RTMP");
        _session.Accept();
    }

    private async ValueTask FlushAsync()
    {
        if (_output.WrittenCount == 0)
            return;
        await _transport.SendAsync(_output.WrittenMemory);
        _output.ResetWrittenCount();
    }

    private static string Say(CutReason reason) => reason switch
    {
        CutReason.TakenOver => "Another encoder has taken this stream over.",
        CutReason.KeyChanged => "The stream key is another now.",
        CutReason.RoomClosed => "The room has closed.",
        CutReason.Bitrate => "The bitrate is too high.",
        CutReason.Silent => "Nothing that can be shown came for too long.",
        CutReason.Draining => "The server stops.",
        CutReason.Stopped => "The stream was stopped.",
        _ => "You may not publish any more.",
    };
}
