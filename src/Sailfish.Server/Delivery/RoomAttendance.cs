using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Sees to it that messages of rooms with members here come to this node. The first member waits until this is noted, and
/// then the feed of the room begins behind what the log has; those who join meanwhile wait with it, later ones wait for nothing.
/// Some time after the last one has left it is noted that no more is wanted.
/// </summary>
internal sealed class RoomAttendance(
    IRoomRoutes routes,
    IRepairSource source,
    RoomEnds ends,
    Sequencer sequencer,
    Dispatcher dispatcher,
    RoomTable rooms,
    TimeProvider time,
    ILogger<RoomAttendance> logger) : BackgroundService, IRoomFeed
{
    /// <summary>Rooms that are noted again, or left, at once: the store takes them together.</summary>
    private const int AtOnce = 256;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>So long a room may be empty: mostly somebody comes back.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<RoomKey, Attended> _attended = new();

    /// <summary>Rooms that messages are wanted of.</summary>
    public int Count => _attended.Count;

    public ValueTask BeginAsync(Room room)
    {
        lock (room)
        {
            // What failed was told to those who waited; the next one tries again.
            if (room.Begun is null or { IsFaulted: true })
                room.Begun = BeginOnceAsync(room);
            return new ValueTask(room.Begun);
        }
    }

    /// <summary>The store has lost what was noted: it is noted again. What was said meanwhile is a repair's, after this.</summary>
    public Task AttendAgainAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(_attended, Together(cancellationToken), async (entry, stop) =>
        {
            var (key, attended) = entry;
            await attended.Turn.WaitAsync(stop);
            try
            {
                if (attended.IsNoted && !attended.IsLeft)
                    await routes.AttendAsync(key, stop);
            }
            finally
            {
                attended.Turn.Release();
            }
        });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LeaveEmptyAsync(stoppingToken);
    }

    /// <summary>Once a second. Together, so that as many can be left as come.</summary>
    internal Task LeaveEmptyAsync(CancellationToken cancellationToken)
    {
        List<(RoomKey Key, Attended Attended)> left = [];
        foreach (var (key, attended) in _attended)
        {
            if (rooms.Find(key) is not null)
                attended.EmptySince = null;
            else if (attended.EmptySince is not { } since)
                attended.EmptySince = time.GetTimestamp();
            else if (time.GetElapsedTime(since) >= Lasting)
                left.Add((key, attended));
        }

        return Parallel.ForEachAsync(left, Together(cancellationToken), (room, stop) => new ValueTask(TryLeaveAsync(room.Key, room.Attended, stop)));
    }

    private static ParallelOptions Together(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };

    private async Task BeginOnceAsync(Room room)
    {
        // Not under the room's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            var attended = _attended.GetOrAdd(room.Key, static _ => new Attended());
            await attended.Turn.WaitAsync();
            try
            {
                // Left, between the look-up and the turn: the new one comes behind that.
                if (attended.IsLeft)
                    continue;
                await BeginAsync(room, attended);
                return;
            }
            finally
            {
                attended.Turn.Release();
            }
        }
    }

    private async Task BeginAsync(Room room, Attended attended)
    {
        if (!attended.IsNoted)
            await routes.AttendAsync(room.Key, CancellationToken.None);
        attended.IsNoted = true;
        // Behind it: what the log gets after this is brought here.
        var newest = await source.ReadNewestAsync(room.Key, CancellationToken.None);
        // Ended before that, and not yet known here to have: nobody else would tell those who have just come in.
        var end = newest is { IsClosed: true } ? await ends.ReadAsync(room, newest.Seq) : null;
        dispatcher.Do(flushes =>
        {
            sequencer.Begin(room.Key, newest?.Seq ?? 0, flushes);
            if (end is not null)
                sequencer.Take(new CommittedMessage(end, default, Closes: true), flushes);
        });
    }

    private async Task TryLeaveAsync(RoomKey key, Attended attended, CancellationToken cancellationToken)
    {
        await attended.Turn.WaitAsync(cancellationToken);
        try
        {
            if (rooms.Find(key) is not null)
                return;
            // Before: when it fails, it may be left all the same, and whoever comes has to have it noted again.
            attended.IsNoted = false;
            await routes.LeaveAsync(key, cancellationToken);
            attended.IsLeft = true;
            _attended.TryRemove(key, out _);
        }
#pragma warning disable CA1031 // too much is brought meanwhile; the next second tries again
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            DeliveryLog.RoomNotLeft(logger, fault, key.RoomId, key.AppId);
        }
        finally
        {
            attended.Turn.Release();
        }
    }

    /// <summary>What is noted of a room; one at a time changes it.</summary>
    private sealed class Attended
    {
        public SemaphoreSlim Turn { get; } = new(1);

        /// <summary>Messages are brought, for certain.</summary>
        public bool IsNoted { get; set; }

        /// <summary>No more are brought, and this is no longer the room's.</summary>
        public bool IsLeft { get; set; }

        /// <summary>A timestamp; the sweep's.</summary>
        public long? EmptySince { get; set; }
    }
}
