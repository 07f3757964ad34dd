namespace Sailfish.Media.Flv;

/// <summary>
/// One time for viewers, in milliseconds from 0 on, whoever publishes: an offset is added to a publisher's times, the same one
/// for sound and pictures, so that they stay together. It is chosen anew, with a step of <see cref="Step"/>, for a publisher who
/// comes anew, and where the times of one leap. For one caller at a time.
/// </summary>
public sealed class Timeline
{
    /// <summary>From the newest time to the first one of a new offset, in milliseconds: a picture's length at 25 a second.</summary>
    public const int Step = 40;

    /// <summary>A frame that comes more milliseconds than this after the newest one is a leap.</summary>
    public const int MaxForward = 5_000;

    /// <summary>A frame that comes more milliseconds than this before the last one of its track is a leap.</summary>
    public const int MaxBackward = 1_000;

    /// <summary>24 days: times in FLV are signed (FLV 10.1 specification, section E.4.1), and end at 24.8.</summary>
    private const long MaxTime = 24L * 24 * 60 * 60 * 1_000;

    private long? _newest;
    private long? _lastAudio;
    private long? _lastVideo;
    private bool _isFresh = true;

    /// <summary>A time of the publisher and the one that was made of it, from which the next ones are reckoned.</summary>
    private uint _publisherTime;
    private long _viewerTime;

    /// <summary>The newest time that was given out, to either track; 0 before the first one.</summary>
    public uint Newest => (uint)(_newest ?? 0);

    /// <summary>
    /// Whether 24 days are over: players take later times for negative ones. Whoever owns the stream ends its viewers' answers then,
    /// and goes on with a new timeline.
    /// </summary>
    public bool IsSpent => _newest > MaxTime;

    /// <summary>The newest time of a track, 0 before its first one: what its sequence headers get. For scripts it is <see cref="Newest"/>.</summary>
    public uint Last(TagKind kind) => kind == TagKind.Script ? Newest : (uint)(LastOf(kind) ?? 0);

    /// <summary>A publisher comes anew: his first frame gets the time <see cref="Step"/> after <see cref="Newest"/>.</summary>
    public void Begin() => _isFresh = true;

    /// <summary>
    /// The viewers' time of a frame; headers and scripts have none of their own, they get <see cref="Last"/>. It is never before the
    /// last one of its track. Times of the publisher that begin again at 2^32 go on without a leap.
    /// </summary>
    /// <param name="kind">Audio or video.</param>
    /// <param name="timestamp">The publisher's time, in milliseconds modulo 2^32.</param>
    public uint Next(TagKind kind, uint timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((byte)kind, (byte)TagKind.Script);
        var last = LastOf(kind);
        var time = _viewerTime + unchecked((int)(timestamp - _publisherTime));
        if (_isFresh || IsLeap(time, last))
            time = _newest + Step ?? 0;
        _isFresh = false;
        (_publisherTime, _viewerTime) = (timestamp, time);
        return (uint)Give(kind, Math.Max(time, last ?? 0));
    }

    /// <summary>A track without a time yet is held against the other one.</summary>
    private bool IsLeap(long time, long? last) => time > _newest + MaxForward || time < (last ?? _newest) - MaxBackward;

    private long Give(TagKind kind, long time)
    {
        if (kind == TagKind.Video)
            _lastVideo = time;
        else
            _lastAudio = time;
        _newest = Math.Max(time, _newest ?? 0);
        return time;
    }

    private long? LastOf(TagKind kind) => kind == TagKind.Video ? _lastVideo : _lastAudio;
}
