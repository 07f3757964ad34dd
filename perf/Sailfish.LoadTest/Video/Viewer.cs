using System.Diagnostics;
using System.Text;
using Sailfish.LoadTest.Net;

namespace Sailfish.LoadTest.Video;

/// <summary>Somebody who watches, and counts what comes.</summary>
internal class Viewer : Connection
{
    private readonly Crowd _crowd;
    private readonly VideoTarget _target;
    private FlvCounter _stream = null!;
    private AnswerBody _body = null!;
    private bool _isOpened;
    private long _openedAt;
    private long _before;

    internal Viewer(Crowd crowd, VideoTarget target) => (_crowd, _target) = (crowd, target);

    /// <summary>Whether what it waits for is counted among latencies.</summary>
    internal bool IsTimed { get; init; }

    /// <summary>It has the first picture, whole.</summary>
    internal bool HasPicture { get; private set; }

    /// <summary>Bytes of frames since <see cref="BeginMeasuring"/>, its rests among it.</summary>
    internal long Bytes => _stream.Bytes - _before;

    internal uint Last => _stream.Last;

    internal int Skips => _stream.Skips;

    internal void BeginMeasuring() => _before = _stream.Bytes;

    internal void Open(Poller poller, Watch watch)
    {
        _stream = new FlvCounter(hasFileHeader: _target.Program == VideoProgram.Rtmp);
        _body = new AnswerBody(_stream);
        (_isOpened, HasPicture) = (false, false);
        _openedAt = Stopwatch.GetTimestamp();
        poller.Connect(this, _target.WatchPort);
        Poller.Send(this, _target.Program == VideoProgram.Floor ? new byte[sizeof(int)] : Encoding.ASCII.GetBytes(Opening(watch)));
    }

    internal override int Consume(ReadOnlyMemory<byte> received)
    {
        var opening = 0;
        if (!_isOpened && _target.Program == VideoProgram.Rtmp && (opening = _body.ReadOpening(received.Span)) == 0)
            return 0;
        _isOpened = true;
        if (_body.Take(received.Span[opening..], out var taken))
            TakePicture();
        if (_stream.Fault is { } fault)
            _crowd.Fail(fault);
        return opening + taken;
    }

    internal override void OnClosed() => _crowd.Fail(_body.CloseCode is { } code ? $"closed with {code}" : "closed");

    protected virtual void OnFirstPicture()
    {
    }

    private void TakePicture()
    {
        var now = Stopwatch.GetTimestamp();
        if (HasPicture)
        {
            if (IsTimed)
                _crowd.CountFrame(_stream.Last, now);
            return;
        }

        HasPicture = true;
        _crowd.CountFirst(_openedAt, now);
        OnFirstPicture();
    }

    private string Opening(Watch watch) => $"GET {_target.Path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + (watch == Watch.Http
            ? "\r\n"
            : "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
}
