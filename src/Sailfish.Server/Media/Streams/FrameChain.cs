using Sailfish.Media.Flv;

namespace Sailfish.Server.Media.Streams;

/// <summary>
/// The chain of finished bytes of a stream, and where in it one may begin. A video frame goes with the sound before it, sound
/// alone in pieces of 40 ms. Guarded by its stream.
/// </summary>
internal sealed class FrameChain(MediaOptions options, MediaMetrics metrics)
{
    /// <summary>Milliseconds of sound that wait for a video frame to go with.</summary>
    private const int SoundSpan = 40;

    /// <summary>As many pieces of sound as no encoder has in that time: their times may stand still.</summary>
    private const int MostPending = 32;

    private readonly List<FlvTag> _pending = [];
    private Timeline _timeline = new();
    private FrameNode _tail = FrameNode.Root();
    private StreamHead? _head;
    private FrameNode? _key;
    private int _gopBytes;

    /// <summary>Frames in between mean nothing before the first keyframe of a publisher, or of other headers.</summary>
    private bool _waitsForKey = true;

    /// <summary>Another publisher: its times go on from those before.</summary>
    public void BeginPublisher()
    {
        _pending.Clear();
        _timeline.Begin();
        _waitsForKey = true;
    }

    /// <summary>Takes another head; true when a player cannot go on with it.</summary>
    public bool Begin(StreamHead head)
    {
        var isBreak = _head is { } before && before.Tracks != head.Tracks;
        if (isBreak)
            Restart();
        // What waits belongs to the head before.
        _pending.Clear();
        _head = head.At(_timeline);
        _waitsForKey = true;
        return isBreak;
    }

    /// <summary>Adds a frame with the publisher's time; true when there is something to send now.</summary>
    public bool Add(in FlvTag frame)
    {
        var isVideo = frame.Kind == TagKind.Video;
        var isKey = isVideo && TagInfo.Of(frame).IsKey;
        if (isVideo && _waitsForKey && !isKey)
            return false;
        if (isKey)
            _waitsForKey = false;
        var timed = frame with { Timestamp = _timeline.Next(frame.Kind, frame.Timestamp) };
        _pending.Add(timed);
        if (!isVideo && timed.Timestamp - _pending[0].Timestamp < SoundSpan && _pending.Count < MostPending)
            return false;
        Flush(isKey || _head!.Tracks.Video is null);
        return true;
    }

    /// <summary>FLV's times have an end, after three weeks and a half: then a player is to begin anew.</summary>
    public bool TryRestartSpent()
    {
        if (!_timeline.IsSpent)
            return false;
        Restart();
        return true;
    }

    public Place? Join()
    {
        if (_head is null || _tail.Head is null)
            return null;
        return new Place(_head, _key is null ? _tail : null, _key);
    }

    /// <summary>The newest keyframe, when it is newer than where somebody is, else the next one.</summary>
    public Place Rejoin(FrameNode? at) =>
        _key is { } key && (at is null || (int)(key.Timestamp - at.Timestamp) > 0)
            ? new Place(_head!, After: null, key)
            : new Place(_head!, _tail, First: null);

    /// <summary>
    /// Whether somebody at that node is later than so many milliseconds, and there is something newer to go on with: from the newest
    /// keyframe on all is kept anyway, however far apart an encoder sets them.
    /// </summary>
    public bool IsLate(FrameNode node, int milliseconds) =>
        (int)(Volatile.Read(ref _tail).Timestamp - node.Timestamp) > milliseconds
        && (Volatile.Read(ref _key) is not { } key || (int)(key.Timestamp - node.Timestamp) > 0);

    /// <summary>Nobody comes any more.</summary>
    public void End() => Forget();

    private void Flush(bool isKey)
    {
        // How far the stream is, which sound may be behind for as long as it lasts: nobody is late by that.
        var node = FrameNode.Of(_pending, _head!, isKey, Math.Max(_tail.Timestamp, _pending[^1].Timestamp));
        _pending.Clear();
        if (isKey)
        {
            Forget();
            Volatile.Write(ref _key, node);
        }

        if (_key is not null)
        {
            _gopBytes += node.Length;
            metrics.GopBytes(node.Length);
            if (_gopBytes > options.MaxGopBytes || node.Timestamp - _key.Timestamp > options.MaxGopSeconds * 1000u)
                Forget();
        }

        // Last: who comes by the tail finds the whole node.
        var before = _tail;
        Volatile.Write(ref _tail, node);
        before.Append(node);
    }

    /// <summary>Nobody goes on from what was before.</summary>
    private void Restart()
    {
        (_tail, _timeline, _waitsForKey) = (FrameNode.Root(), new Timeline(), true);
        _pending.Clear();
        Forget();
    }

    /// <summary>Who comes waits for the next keyframe.</summary>
    private void Forget()
    {
        metrics.GopBytes(-_gopBytes);
        Volatile.Write(ref _key, null);
        _gopBytes = 0;
    }
}

/// <summary>Where in a chain somebody goes on.</summary>
/// <param name="Head">What a player needs there.</param>
/// <param name="After">What comes after it; null when there is a first.</param>
/// <param name="First">The first to send.</param>
internal readonly record struct Place(StreamHead Head, FrameNode? After, FrameNode? First)
{
    /// <summary>Of what comes, only a keyframe is one to begin with.</summary>
    public bool WaitsForKey => First is null;
}
