using Microsoft.Extensions.Options;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>
/// Once a second, one task for all rooms: the list is made anew, likes are told, counts are stored, and rooms whose
/// anchor stays away are closed.
/// </summary>
internal sealed class LivingKeeper(
    LivingTable table,
    LivingSnapshot snapshot,
    LivingService living,
    ILivingStore store,
    RoomTable rooms,
    IOptions<LivingOptions> options,
    TimeProvider time,
    ILogger<LivingKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RoundAsync(CancellationToken.None);
            }
#pragma warning disable CA1031 // the keeper must live; the next round tries again
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LivingLog.RoundFailed(logger, fault);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        foreach (var room in table.All())
        {
            living.TellLikes(room);
            if (IsAnchorHere(room))
                room.AnchorSeen = time.GetTimestamp();
            else if (time.GetElapsedTime(room.AnchorSeen) > TimeSpan.FromSeconds(options.Value.AnchorAwaySeconds))
                await living.CloseAsync(room, "the anchor stayed away", cancellationToken);
        }

        snapshot.Refresh();
        await SaveAsync(cancellationToken);
    }

    private bool IsAnchorHere(LivingRoom room) => rooms.Find(room.Key)?.HasUser(room.Row.AnchorId) == true;

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var changed = table.All().Select(r => r.TakeUnsaved()).OfType<LivingRoomRow>().ToList();
        if (changed.Count > 0)
            await store.SaveAsync(changed, cancellationToken);
    }
}
