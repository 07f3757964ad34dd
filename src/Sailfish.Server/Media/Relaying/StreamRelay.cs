using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Media.Relaying;

/// <summary>Streams that come in through other nodes, for viewers here: each is fetched once.</summary>
internal sealed class StreamRelay
{
    private readonly StreamDirectory _directory;
    private readonly StreamTable _streams;
    private readonly RelayClient _client;
    private readonly ServerState _state;
    private readonly MediaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogPace _failures;
    private readonly LogPace _refusals;
    private readonly ConcurrentDictionary<RoomKey, RelayPull> _pulls = new();
    private readonly Lock _opening = new();

    public StreamRelay(StreamDirectory directory, StreamTable streams, RelayClient client, ServerState state, MediaMetrics metrics, TimeProvider time, ILogger<StreamRelay> logger)
    {
        (_directory, _streams, _client, _state, _metrics, _time, _logger) = (directory, streams, client, state, metrics, time, logger);
        _failures = new LogPace(new Rate(PerSecond: 1, Burst: 10), time);
        _refusals = new LogPace(new Rate(PerSecond: 1, Burst: 10), time);
        directory.OnTaken(Take);
    }

    /// <summary>It comes in through another node.</summary>
    public bool IsElsewhere(RoomKey room) => _directory.FindElsewhere(room) is not null;

    /// <summary>The stream for somebody who is about to watch it, which is being fetched from now on; else why there is none.</summary>
    public (LiveStream? Stream, ViewRefusal Refusal) Open(RoomKey room)
    {
        if (_directory.FindElsewhere(room) is not { State: not StreamState.Off } source)
            return (null, ViewRefusal.NothingPublished);
        if (source.Address.Length == 0)
        {
            if (_refusals.TryTake(out var leftOut))
                MediaLog.NoRelay(_logger, room.RoomId, source.Node, leftOut);
            return (null, ViewRefusal.NoRelay);
        }

        lock (_opening)
        {
            if (_streams.OpenRelayed(room) is not { } stream)
                return (null, ViewRefusal.Full);
            if (stream.IsRelayed)
                Fetch(stream);
            return (stream, ViewRefusal.None);
        }
    }

    /// <summary>A stream that came in here is another node's: who watches it here goes on with what that node has.</summary>
    private void Take(LiveStream stream, SharedStream now)
    {
        if (stream.Viewers.Count == 0 || now.Address.Length == 0)
        {
            _streams.TryEnd(stream, CutReason.TakenOver);
            return;
        }

        lock (_opening)
        {
            stream.TurnRelayed();
            Fetch(stream);
        }
    }

    /// <summary>Under the lock.</summary>
    private void Fetch(LiveStream stream)
    {
        if (_pulls.TryGetValue(stream.Room, out var known) && known.Stream == stream)
        {
            known.Want();
            return;
        }

        var pull = _pulls[stream.Room] = new RelayPull(stream, _directory, _client, _streams, _state, _metrics, _failures, _time, _logger);
        _ = RunAsync(pull);
    }

    private async Task RunAsync(RelayPull pull)
    {
        // Whoever opens it goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await pull.RunAsync();
        _pulls.TryRemove(new(pull.Stream.Room, pull));
    }
}
