using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>
/// Once a second, one task for all rooms: the list is made anew, likes are told, counts are stored, and rooms whose
/// anchor stays away are closed. What the store takes its time for, or refuses, holds up nothing else, and is tried again.
/// </summary>
internal sealed class LivingKeeper(
    LivingTable table,
    LivingSnapshot snapshot,
    LivingService living,
    RoomTable rooms,
    AccountDirectory accounts,
    IOptions<LivingOptions> options,
    TimeProvider time,
    ILogger<LivingKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
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
        await TryAsync(living.SaveCountsAsync);
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

    private Task LookInAsync()
    {
        foreach (var room in table.All())
        {
            living.TellLikes(room);
            if (IsAnchorIn(room))
                room.AnchorSeen = time.GetTimestamp();
        }

        return Task.CompletedTask;
    }

    /// <summary>From memory: the directory has who signed in, who changed, and who was looked up here before.</summary>
    private async Task FindAnchorsAsync()
    {
        foreach (var room in table.All())
            room.Anchor = await accounts.FindAsync(room.Key.AppId, room.Row.AnchorId, CancellationToken.None) ?? room.Anchor;
    }

    private async Task StoreAsync()
    {
        await TryAsync(living.SaveCountsAsync);
        await TryAsync(CloseDesertedAsync);
    }

    /// <summary>One room that cannot be closed does not keep the others open.</summary>
    private async Task CloseDesertedAsync()
    {
        List<Exception> failures = [];
        foreach (var room in table.All())
        {
            try
            {
                if (IsDeserted(room))
                    await living.CloseAsync(room, "the anchor stayed away", CancellationToken.None);
            }
#pragma warning disable CA1031 // told below, once for all
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
            LivingLog.NotClosed(logger, failures[0], failures.Count);
    }

    private bool IsDeserted(LivingRoom room) =>
        time.GetElapsedTime(room.AnchorSeen) > TimeSpan.FromSeconds(options.Value.AnchorAwaySeconds) && !IsAnchorIn(room);

    private bool IsAnchorIn(LivingRoom room) => rooms.Find(room.Key)?.HasUser(room.Row.AnchorId) == true;

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
            LivingLog.RoundFailed(logger, fault);
        }
    }
}
