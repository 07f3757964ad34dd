using Sailfish.Server.Accounts;
using Sailfish.Server.Pacing;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>
/// Once a second, one task for all rooms: the list is made anew, likes and states are told, counts are stored, and rooms whose
/// anchor stays away are closed. What the store takes its time for, or refuses, holds up nothing else, and is tried again.
/// </summary>
internal sealed class LivingKeeper(
    LivingTable table,
    LivingSnapshot snapshot,
    LivingService living,
    RoomStates states,
    IAnchorWatch anchors,
    RoomTable rooms,
    AccountDirectory accounts,
    TimeProvider time,
    ILogger<LivingKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly LogPace _failures = new(new Rate(PerSecond: 0.1, Burst: 5), time);
    private Task _storing = Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request: the list shows the anchors of rooms that go on after a restart.
        await TryAsync(FindAnchorsAsync);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _storing.WaitAsync(cancellationToken);
        await TryAsync(() => living.ExchangeCountsAsync().WaitAsync(cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(LookInAsync);
            await TryAsync(FindAnchorsAsync);
            snapshot.Refresh();
            if (_storing.IsCompleted)
                _storing = StoreAsync();
        }
    }

    /// <summary>All that takes the store. Each second.</summary>
    internal async Task StoreAsync()
    {
        await TryAsync(living.ExchangeCountsAsync);
        await TryAsync(anchors.NoteAsync);
        await TryAsync(CloseDesertedAsync);
    }

    private Task LookInAsync()
    {
        foreach (var room in table.All())
        {
            room.NoteViewers(rooms.ViewersOf(room));
            living.TellLikes(room);
            states.Tell(room);
            anchors.LookIn(room);
        }

        return Task.CompletedTask;
    }

    /// <summary>From memory: the directory has who signed in, who changed, and who was looked up here before.</summary>
    private async Task FindAnchorsAsync()
    {
        foreach (var room in table.All())
            room.Anchor = await accounts.FindAsync(room.Key.AppId, room.Row.AnchorId, CancellationToken.None) ?? room.Anchor;
    }

    /// <summary>One room that cannot be closed does not keep the others open.</summary>
    private async Task CloseDesertedAsync()
    {
        Dictionary<LivingRoom, Exception> failures = [];
        foreach (var room in await anchors.FindDesertedAsync())
        {
            try
            {
                await living.CloseAsync(room, "the anchor stayed away", anchors.CloseAsync, CancellationToken.None);
            }
#pragma warning disable CA1031 // told below, once for all
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures[room] = failure;
            }
        }

        if (failures.Count > 0)
            await TellAsync(failures);
    }

    /// <summary>Not of a room whose anchor came back at that moment.</summary>
    private async Task TellAsync(Dictionary<LivingRoom, Exception> failures)
    {
        List<Exception> left = [.. (await anchors.FindDesertedAsync()).Select(room => failures.GetValueOrDefault(room)).OfType<Exception>()];
        if (left.Count > 0 && _failures.TryTake(out _))
            LivingLog.NotClosed(logger, left[0], left.Count);
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // the keeper must live; the next round tries again
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (_failures.TryTake(out _))
                LivingLog.RoundFailed(logger, fault);
        }
    }
}
