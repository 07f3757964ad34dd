using Sailfish.Media.Flv;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Media.Streams;

/// <summary>
/// The stream of a room, from its first publisher until nobody publishes any more: what a publisher sends becomes a chain of
/// finished bytes, in which each viewer has its place. A publisher that comes back goes on with the chain.
/// </summary>
internal sealed class LiveStream(RoomKey room, MediaOptions options, MediaPump pump, MediaMetrics metrics, TimeProvider time, Action changed)
{
    /// <summary>A second: 120 frames, sound in pieces of 5 ms, and again as many.</summary>
    private const int MostTags = 1000;

    /// <summary>After it viewers of a publisher that has said good-bye are let go.</summary>
    private static readonly TimeSpan StopPause = TimeSpan.FromSeconds(2);

    /// <summary>After a takeover none follows for so long: two encoders that both come back at once would take turns for ever.</summary>
    private static readonly TimeSpan TakeoverPause = TimeSpan.FromSeconds(5);

    /// <summary>Why a publisher may not begin.</summary>
    public const string JustTaken = "Another encoder has just taken this stream over.";

    private readonly Lock _gate = new();
    private readonly FrameChain _chain = new(options, metrics);
    private Publication? _publication;
    private TrackIntake? _intake;
    private UserKey? _anchor;
    private long _tookOverAt;

    /// <summary>When the last publisher was lost, or said good-bye, as a timestamp of the time provider.</summary>
    private long _leftAt;
    private long _overSince;
    private volatile bool _hasStopped;
    private volatile bool _isRelayed;
    private volatile bool _isLive;

    /// <summary>Something of this publisher's is to be seen or heard: headers alone are nothing, nor are pictures before a keyframe.</summary>
    private bool _hasBegun;

    /// <summary>Who comes now finds another stream, or none.</summary>
    private bool _hasEnded;

    public RoomKey Room { get; } = room;

    public ViewerSet Viewers { get; } = new(pump);

    public StreamStats Stats { get; } = new(time);

    /// <summary>Who publishes now.</summary>
    public Publication? Publication => Volatile.Read(ref _publication);

    /// <summary>It comes in through another node, and what is published to it here is what that node sends.</summary>
    public bool IsRelayed => _isRelayed;

    /// <summary>Without the lock, which is held while a viewer is sent to.</summary>
    public StreamState State => !_isLive ? StreamState.Off : Publication is null && !_hasStopped ? StreamState.Away : StreamState.Live;

    /// <summary>
    /// Lets a publisher in; whoever published before is told that it was taken over. Null when it may: else why not.
    /// </summary>
    public string? TryBegin(Publication publication)
    {
        Publication? before;
        lock (_gate)
        {
            before = _publication;
            if (publication.IsRelay ? !_isRelayed : before is { IsRelay: false } && _tookOverAt != 0 && time.GetElapsedTime(_tookOverAt) < TakeoverPause)
                return JustTaken;
            _tookOverAt = before is null or { IsRelay: true } ? 0 : time.GetTimestamp();
            (_publication, _isRelayed) = (publication, publication.IsRelay);
            _anchor = publication.IsRelay ? null : publication.User;
            _intake = new TrackIntake(options, time);
            _hasBegun = false;
            _chain.BeginPublisher();
            Stats.Begin();
        }

        before?.Cut(CutReason.TakenOver);
        return null;
    }

    /// <summary>
    /// Another node has it from now on: whoever publishes here is told that it was taken over, and nodes that fetch it here are
    /// to fetch it there. Viewers stay.
    /// </summary>
    public void TurnRelayed()
    {
        Publication? before;
        lock (_gate)
        {
            (before, _publication, _intake) = (_publication, null, null);
            (_isRelayed, _leftAt, _hasStopped) = (true, time.GetTimestamp(), false);
        }

        before?.Cut(CutReason.TakenOver);
        foreach (var viewer in Viewers.All.Where(viewer => viewer.Pass.IsRelay))
            viewer.End(ViewerEnd.Ended);
    }

    /// <summary>Takes a tag of the publisher; of one who was taken over it takes none.</summary>
    /// <exception cref="Sailfish.Media.MediaFormatException">It cannot be read.</exception>
    public void Write(Publication from, in FlvTag tag)
    {
        var (isBegin, isNew) = (false, false);
        lock (_gate)
        {
            if (_publication != from)
                return;
            Stats.Count(tag);
            if (_intake!.TryTake(tag, out var frames))
                isNew = Take(frames);
            isBegin = isNew && !_hasBegun;
            _hasBegun |= isNew;
        }

        if (isBegin)
        {
            from.Began();
            changed();
        }

        if (isNew)
            Viewers.Signal();
    }

    /// <summary>The publisher's connection has ended, or it has said that it stops.</summary>
    public void Leave(Publication publication, bool isStop)
    {
        lock (_gate)
        {
            if (_publication != publication)
                return;
            _publication = null;
            _intake = null;
            _leftAt = time.GetTimestamp();
            _hasStopped = isStop;
        }

        changed();
    }

    /// <summary>Who publishes here, or did last; null of one that another node has.</summary>
    public UserKey? Anchor
    {
        get
        {
            lock (_gate)
                return _isRelayed ? null : _anchor;
        }
    }

    /// <summary>Where who comes now begins; null while there is nothing to begin with.</summary>
    public Place? Join()
    {
        lock (_gate)
            return _hasEnded ? null : _chain.Join();
    }

    /// <summary>Where who is late goes on.</summary>
    public Place Rejoin(FrameNode? at)
    {
        lock (_gate)
            return _chain.Rejoin(at);
    }

    /// <summary>Whether somebody who has got as far as that is later than so many milliseconds, and is to go on with what is newer.</summary>
    public bool IsLate(FrameNode node, int milliseconds) => _chain.IsLate(node, milliseconds);

    /// <summary>True when nobody publishes any more, for good. Of one that another node has, that node knows it.</summary>
    public bool IsOver()
    {
        lock (_gate)
        {
            var patience = _hasStopped ? StopPause : TimeSpan.FromSeconds(options.ReconnectSeconds);
            return !_isRelayed && _publication is null && (!_isLive || time.GetElapsedTime(_leftAt) >= patience);
        }
    }

    /// <summary>Whether more comes than that, or more tags than any encoder sends, and has for so long.</summary>
    public bool IsTooMuch(int kbps, TimeSpan limit)
    {
        lock (_gate)
        {
            if (_publication is null || (Stats.Kbps <= kbps && Stats.TagsPerSecond <= MostTags))
                _overSince = 0;
            else if (_overSince == 0)
                _overSince = time.GetTimestamp();
            return _overSince != 0 && time.GetElapsedTime(_overSince) > limit;
        }
    }

    /// <summary>Ends it for all.</summary>
    public void End(CutReason reason)
    {
        Publication? publication;
        lock (_gate)
        {
            (publication, _publication, _intake) = (_publication, null, null);
            (_isLive, _hasEnded) = (false, true);
            _chain.End();
        }

        publication?.Cut(reason);
        Viewers.EndAll(ViewerEnd.Ended);
    }

    /// <summary>Whether there is something to send.</summary>
    private bool Take(IReadOnlyList<FlvTag> frames)
    {
        var (intake, isNew) = (_intake!, false);
        if ((intake.TakeHead() is { } head && _chain.Begin(head)) || _chain.TryRestartSpent())
            Viewers.EndAll(ViewerEnd.TracksChanged);
        foreach (var frame in frames)
            isNew |= _chain.Add(frame);
        Stats.Tracks(intake);
        if (isNew)
            (_isLive, _hasStopped) = (true, false);
        return isNew;
    }
}
