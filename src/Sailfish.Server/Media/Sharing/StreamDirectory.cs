using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Media.Sharing;

/// <summary>
/// The streams of all nodes, in memory: by the feed of changes, and by a look at all each second, which also writes again what
/// the store has lost. What changes here is stored; whose stream another node has taken is told.
/// </summary>
internal sealed class StreamDirectory : BackgroundService, IStreamDirectory
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ISharedStreams _shared;
    private readonly StreamTable _streams;
    private readonly NodeLease _lease;
    private readonly bool _isOn;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<RoomKey, SharedStream> _known = new();
    private readonly ConcurrentDictionary<RoomKey, bool> _unstored = new();

    /// <summary>One with the store at a time: what is read is never older than what was read or written before.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private TaskCompletionSource _wake = NewWake();
    private Action<RoomKey> _changed = _ => { };
    private Action<LiveStream, SharedStream> _taken;

    /// <summary>The last look did not succeed: told once.</summary>
    private bool _isAway;

    public StreamDirectory(
        ISharedStreams shared, StreamTable streams, NodeLease lease, IChangeFeed changes, IOptions<MediaOptions> options, TimeProvider time, ILogger<StreamDirectory> logger)
    {
        (_shared, _streams, _lease, _isOn, _time, _logger) = (shared, streams, lease, options.Value.Enabled, time, logger);
        _taken = (stream, _) => streams.TryEnd(stream, CutReason.TakenOver);
        if (!_isOn)
            return;
        streams.OnChanged(NoteChanged);
        changes.On(ChangeKind.Stream, change => change is { AppId: { } app, A: { } id } ? ReadAsync(new RoomKey(app, id)) : Task.CompletedTask);
        changes.OnMissed(RefreshAsync);
    }

    public async ValueTask<(LiveStream? Stream, string? Refusal)> BeginAsync(RoomKey room, Publication publication)
    {
        // Before it is taken from another node.
        if (!_streams.HasPlaceFor(room))
            return (null, StreamTable.TooMany);
        await _turn.WaitAsync();
        try
        {
            var hasPublisher = _streams.Find(room) is { IsRelayed: false, Publication: not null };
            if (await _shared.TakeAsync(room, _lease.Generation, hasPublisher, CancellationToken.None) is not { } taken)
                return (null, LiveStream.JustTaken);
            Learn(room, taken, taken.Node);
            return _streams.Begin(room, publication);
        }
#pragma warning disable CA1031 // the encoder is told, and tries again
        catch (Exception failure)
#pragma warning restore CA1031
        {
            MediaLog.NotShared(_logger, failure);
            return (null, "The database is away. Try again in a moment.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public SharedStream? Find(RoomKey room) => _known.GetValueOrDefault(room);

    public SharedStream? FindElsewhere(RoomKey room) => Find(room) is { } known && known.Node != _lease.Generation ? known : null;

    public void OnChanged(Action<RoomKey> changed) => _changed += changed;

    /// <summary>Given once, at the start, in the place of ending it: called when another node has taken over a stream that came in here.</summary>
    public void OnTaken(Action<LiveStream, SharedStream> taken) => _taken = taken;

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? lookedAt = null;
        while (_isOn)
        {
            stoppingToken.ThrowIfCancellationRequested();
            if (lookedAt is not { } at || _time.GetElapsedTime(at) >= Interval)
            {
                lookedAt = _time.GetTimestamp();
                await TryAsync(RefreshAsync);
            }

            await Task.WhenAny(_wake.Task, Task.Delay(Interval, _time, stoppingToken));
            // Before they are taken: what comes from now on wakes it again.
            if (_wake.Task.IsCompleted)
                Volatile.Write(ref _wake, NewWake());
            await TryAsync(StoreChangedAsync);
        }
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void NoteChanged(RoomKey room)
    {
        _unstored[room] = true;
        Volatile.Read(ref _wake).TrySetResult();
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // it is tried again in a second
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!_isAway)
                MediaLog.NotShared(_logger, failure);
            _isAway = true;
        }
    }

    private async Task StoreChangedAsync()
    {
        foreach (var (room, _) in _unstored)
        {
            _unstored.TryRemove(room, out _);
            await InTurnAsync(() => StoreAsync(room));
        }
    }

    private Task ReadAsync(RoomKey room) => InTurnAsync(async () =>
    {
        // Before it is read: a node that begins anew has another number, and none of the rows.
        var self = _lease.Generation;
        Learn(room, await _shared.FindAsync(room, CancellationToken.None), self);
    });

    /// <summary>A look at all.</summary>
    private Task RefreshAsync() => InTurnAsync(async () =>
    {
        var self = _lease.Generation;
        var all = (await _shared.ListAsync(CancellationToken.None)).ToDictionary(stream => stream.Room);
        foreach (var (room, _) in _known.Where(known => !all.ContainsKey(known.Key)))
            Learn(room, null, self);
        foreach (var (room, stream) in all)
            Learn(room, stream, self);
        foreach (var own in _streams.All().Where(stream => !stream.IsRelayed).ToList())
            await StoreAsync(own.Room);
        // The end of one could not be stored when it came.
        foreach (var (room, stream) in all.Where(stream => stream.Value.Node == self && _streams.Find(stream.Key) is null or { IsRelayed: true }))
            await StoreEndAsync(room, stream.Node);
        _isAway = false;
    });

    private async Task InTurnAsync(Func<Task> step)
    {
        await _turn.WaitAsync();
        try
        {
            await step();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes how a room's stream is here, where the store does not know it.</summary>
    private async Task StoreAsync(RoomKey room)
    {
        var self = _lease.Generation;
        var known = Find(room);
        if (_streams.Find(room) is not { IsRelayed: false } own)
        {
            if (known?.Node == self)
                await StoreEndAsync(room, self);
            return;
        }

        var stats = own.Stats;
        var now = new SharedStream(room, self, known?.Node == self ? known.Address : "", own.State, own.Publication is not null, stats.Width, stats.Height);
        // Until it has a picture, it is as it was before.
        if (known == now || (known?.Node == self && now.State == StreamState.Off))
            return;
        if (await _shared.NoteAsync(now, CancellationToken.None))
            Learn(room, now, self);
        else
            Learn(room, await _shared.FindAsync(room, CancellationToken.None), self);
    }

    private async Task StoreEndAsync(RoomKey room, long self)
    {
        await _shared.EndAsync(room, self, CancellationToken.None);
        Learn(room, null, self);
    }

    private void Learn(RoomKey room, SharedStream? now, long self)
    {
        var before = Find(room);
        if (now is null)
            _known.TryRemove(room, out _);
        else
            _known[room] = now;
        if (now is not null && now.Node != self && _streams.Find(room) is { IsRelayed: false } own)
            _taken(own, now);
        if ((before?.State, before?.Width, before?.Height) != (now?.State, now?.Width, now?.Height))
            _changed(room);
    }
}
