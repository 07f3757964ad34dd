using Sailfish.Media.Flv;

namespace Sailfish.Server.Media.Streams;

/// <summary>What a stream is like, for its anchor. Written by one publisher at a time, under the stream's lock; read by anybody.</summary>
internal sealed class StreamStats(TimeProvider time)
{
    /// <summary>Over which a rate is taken.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private long _since = time.GetTimestamp();
    private long _windowSince = time.GetTimestamp();
    private long _bytes;
    private int _frames;
    private int _tags;
    private uint? _lastKey;

    /// <summary>Kilobits a second.</summary>
    public int Kbps { get; private set; }

    /// <summary>Tags a second: small ones cost more than their bits.</summary>
    public int TagsPerSecond { get; private set; }

    /// <summary>Video frames a second.</summary>
    public double FramesPerSecond { get; private set; }

    /// <summary>Seconds between two keyframes.</summary>
    public double GopSeconds { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public MediaCodec? Video { get; private set; }

    public MediaCodec? Audio { get; private set; }

    /// <summary>When the last tag came, as a timestamp of the time provider.</summary>
    public long LastAt { get; private set; } = time.GetTimestamp();

    public TimeSpan Uptime => time.GetElapsedTime(_since);

    /// <summary>Another publisher.</summary>
    public void Begin()
    {
        (_since, _windowSince, LastAt) = (time.GetTimestamp(), time.GetTimestamp(), time.GetTimestamp());
        (_bytes, _frames, _tags, _lastKey) = (0, 0, 0, null);
        (Kbps, FramesPerSecond, TagsPerSecond, GopSeconds) = (0, 0, 0, 0);
    }

    public void Count(in FlvTag tag)
    {
        LastAt = time.GetTimestamp();
        _bytes += tag.Body.Length;
        _tags++;
        if (tag.Kind == TagKind.Video)
            CountFrame(tag);
        var elapsed = time.GetElapsedTime(_windowSince, LastAt);
        if (elapsed < Window)
            return;
        Kbps = (int)Math.Min(int.MaxValue, _bytes * 8 / elapsed.TotalMilliseconds);
        FramesPerSecond = _frames / elapsed.TotalSeconds;
        TagsPerSecond = (int)(_tags / elapsed.TotalSeconds);
        (_windowSince, _bytes, _frames, _tags) = (LastAt, 0, 0, 0);
    }

    public void Tracks(TrackIntake intake) =>
        (Video, Audio, Width, Height) = (intake.Video, intake.Audio, intake.Width, intake.Height);

    private void CountFrame(in FlvTag tag)
    {
        var info = TagInfo.Of(tag);
        if (!info.IsFrame)
            return;
        _frames++;
        if (!info.IsKey)
            return;
        if (_lastKey is { } last)
            GopSeconds = Math.Max(0, (int)(tag.Timestamp - last)) / 1000.0;
        _lastKey = tag.Timestamp;
    }
}
