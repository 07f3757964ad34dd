using System.Buffers;
using System.Diagnostics;
using Sailfish.LoadTest.Net;
using Sailfish.Media.Flv;

namespace Sailfish.LoadTest.Video;

/// <summary>Sends a stream by the clock, which stands still in a rest.</summary>
internal abstract class Publisher(SyntheticStream stream) : Connection
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<long> _sentAt = [0];
    private long _startedAt;
    private bool _isRunning;

    /// <summary>It may send frames.</summary>
    internal abstract bool IsReady { get; }

    /// <summary>The peer ended the connection, or said why it may not publish.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>Bytes of all frames so far, as FLV has them.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Number of the last frame.</summary>
    internal uint Last => (uint)(_sentAt.Count - 1);

    protected SyntheticStream Stream { get; } = stream;

    /// <summary>When the frame of a number was sent, as <see cref="Stopwatch"/> counts; now, for one that was never sent.</summary>
    internal long SentAt(uint number) => number < _sentAt.Count ? _sentAt[(int)number] : Stopwatch.GetTimestamp();

    /// <summary>Says what comes before a stream.</summary>
    internal abstract void Open();

    /// <summary>Begins, or goes on after a rest; does nothing while it runs.</summary>
    internal void Start()
    {
        if (!_isRunning)
            (_isRunning, _startedAt) = (true, Stopwatch.GetTimestamp() - Ticks(Stream.NextDue));
    }

    /// <summary>Sends the frames that are due.</summary>
    internal void SendDue()
    {
        while (_isRunning && _startedAt + Ticks(Stream.NextDue) <= Stopwatch.GetTimestamp())
            SendNext();
    }

    /// <summary>Before a rest: sound goes with the picture after it.</summary>
    internal void FinishFrame()
    {
        _isRunning = false;
        while (SendNext() != TagKind.Video)
        {
        }
    }

    internal override void OnClosed() => IsCut = true;

    protected void Cut() => IsCut = true;

    protected void Send(in FlvTag tag)
    {
        _bytes.ResetWrittenCount();
        Write(_bytes, tag);
        Poller.Send(this, _bytes.WrittenSpan);
    }

    private static long Ticks(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1000);

    private TagKind SendNext()
    {
        var tag = Stream.Next();
        Bytes += FlvWriter.TagSize(tag.Body.Length);
        _sentAt.Add(Stopwatch.GetTimestamp());
        Send(tag);
        return tag.Kind;
    }

    /// <summary>Writes a tag as the peer takes it.</summary>
    protected abstract void Write(ArrayBufferWriter<byte> output, in FlvTag tag);
}
