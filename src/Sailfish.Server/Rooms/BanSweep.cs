using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Rooms;

/// <summary>
/// Once a second, where there are several nodes: who is banned and in the room all the same is put out. He came in while the
/// ban of another node was on its way, or the bus was away when that node had him removed. Whoever is being removed at this
/// moment is left to it: only who was there at the look before, too, is put out here.
/// </summary>
internal sealed class BanSweep(RoomTable rooms, RoomRestrictions restrictions, RoomExits exits, TimeProvider time, ILogger<BanSweep> logger) : RepeatedWork(TimeSpan.FromSeconds(1), time)
{
    private HashSet<RestrictionKey> _found = [];

    protected override Task DoAsync(CancellationToken cancellationToken)
    {
        RunOnce();
        return Task.CompletedTask;
    }

    protected override void Failed(Exception fault) => RoomLog.BannedNotRemoved(logger, fault);

    internal void RunOnce()
    {
        HashSet<RestrictionKey> found = [.. restrictions.Bans().Where(ban => rooms.Find(RoomOf(ban))?.HasUser(ban.UserId) == true)];
        foreach (var ban in found.Where(_found.Contains))
            exits.Remove(RoomOf(ban), ban.UserId, restrictions.Remaining(ban));
        _found = found;
    }

    private static RoomKey RoomOf(RestrictionKey key) => new(key.AppId, key.RoomId);
}
