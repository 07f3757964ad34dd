using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>
/// Once a second, where there are several nodes: who is banned and in the room all the same is put out. He came in while the
/// ban of another node was on its way, or the bus was away when that node had him removed. Whoever is being removed at this
/// moment is left to it: only who was there at the look before, too, is put out here.
/// </summary>
internal sealed class BanSweep(RoomTable rooms, RoomRestrictions restrictions, RoomExits exits, TimeProvider time, ILogger<BanSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private HashSet<RestrictionKey> _found = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                RunOnce();
            }
#pragma warning disable CA1031 // the sweep must live; the next second tries again
            catch (Exception fault)
#pragma warning restore CA1031
            {
                RoomLog.BannedNotRemoved(logger, fault);
            }
        }
    }

    internal void RunOnce()
    {
        HashSet<RestrictionKey> found = [.. restrictions.Bans().Where(ban => rooms.Find(RoomOf(ban))?.HasUser(ban.UserId) == true)];
        foreach (var ban in found.Where(_found.Contains))
            exits.Remove(RoomOf(ban), ban.UserId, restrictions.Remaining(ban));
        _found = found;
    }

    private static RoomKey RoomOf(RestrictionKey key) => new(key.AppId, key.RoomId);
}
