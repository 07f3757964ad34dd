using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Media.Streams;

/// <summary>The streams that there are here, by their rooms.</summary>
internal sealed class StreamTable
{
    /// <summary>Why a publisher may not begin.</summary>
    public const string TooMany = "There are too many streams. Try again later.";

    private readonly ConcurrentDictionary<RoomKey, LiveStream> _streams = new();
    private readonly Lock _opening = new();
    private readonly MediaOptions _options;
    private readonly MediaPump _pump;
    private readonly MediaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Action<RoomKey> _changed = _ => { };

    public StreamTable(IOptions<MediaOptions> options, MediaPump pump, MediaMetrics metrics, TimeProvider time, ILogger<StreamTable> logger)
    {
        (_options, _pump, _metrics, _time, _logger) = (options.Value, pump, metrics, time, logger);
        metrics.Table = this;
    }

    public int Count => _streams.Count;

    public int Viewers => _streams.Sum(pair => pair.Value.Viewers.Count);

    public int Away => _streams.Count(pair => pair.Value is { State: StreamState.Away, IsRelayed: false });

    public IEnumerable<LiveStream> All() => _streams.Select(pair => pair.Value);

    /// <summary>At the start: called after a stream has another state.</summary>
    public void OnChanged(Action<RoomKey> changed) => _changed += changed;

    /// <summary>Whether there may be one more.</summary>
    public bool HasPlace => _streams.Count < _options.MaxStreams;

    public LiveStream? Find(RoomKey room) => _streams.GetValueOrDefault(room);

    /// <summary>Whether there is one, or may be one more.</summary>
    public bool HasPlaceFor(RoomKey room) => _streams.ContainsKey(room) || HasPlace;

    /// <summary>A stream that another node has, for what it sends; null where there are too many. One that is there is given as it is.</summary>
    public LiveStream? OpenRelayed(RoomKey room)
    {
        lock (_opening)
        {
            if (Find(room) is { } known)
                return known;
            if (TryMake(room) is not { } made)
                return null;
            made.TurnRelayed();
            return _streams[room] = made;
        }
    }

    /// <summary>The room's stream with this publisher; else why not.</summary>
    public (LiveStream? Stream, string? Refusal) Begin(RoomKey room, Publication publication)
    {
        lock (_opening)
        {
            if ((Find(room) ?? TryMake(room)) is not { } stream)
                return (null, TooMany);
            if (stream.TryBegin(publication) is { } refusal)
                return (null, refusal);
            _streams[room] = stream;
            return (stream, null);
        }
    }

    /// <summary>Ends the answers of a user who was put out of a room, and the stream where it is his. He may come back.</summary>
    public void PutOut(RoomKey room, UserKey user)
    {
        if (Find(room) is not { } stream)
            return;
        foreach (var viewer in stream.Viewers.All.Where(viewer => viewer.Pass.User == user))
            viewer.End(ViewerEnd.NotAllowed);
        // His last picture too, while he is away.
        if (stream.Anchor == user)
            TryEnd(stream, CutReason.NotAllowed);
    }

    /// <summary>Takes a stream out that nobody publishes to any more; false when somebody does after all.</summary>
    public bool TryEndOver(LiveStream stream) => TryEnd(stream, reason: null, over => over.IsOver());

    /// <summary>Ends a stream whatever its publisher does; false when it has ended.</summary>
    public bool TryEnd(LiveStream stream, CutReason reason) => TryEnd(stream, reason, _ => true);

    private bool TryEnd(LiveStream stream, CutReason? reason, Func<LiveStream, bool> condition)
    {
        // Nobody begins to publish to it between the look and the end.
        lock (_opening)
        {
            if (!condition(stream) || !_streams.TryRemove(new(stream.Room, stream)))
                return false;
        }

        if (stream.IsRelayed)
            MediaLog.RelayEnded(_logger, stream.Room.RoomId);
        else
            MediaLog.StreamEnded(_logger, stream.Room.RoomId, reason);
        stream.End(reason ?? CutReason.Silent);
        _changed(stream.Room);
        return true;
    }

    /// <summary>One that is not listed yet; null where there are too many. Under the lock.</summary>
    private LiveStream? TryMake(RoomKey room) =>
        HasPlace ? new LiveStream(room, _options, _pump, _metrics, _time, () => _changed(room)) : null;
}
