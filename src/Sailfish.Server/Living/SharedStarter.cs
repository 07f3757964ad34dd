using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Living;

/// <summary>
/// Starts rooms where several nodes do: which id a room gets, and whether its anchor has one open, is decided by the store alone.
/// What is known here may be a second old.
/// </summary>
internal sealed class SharedStarter(ILivingStore store, LivingTable table, LivingFollower follower, TimeProvider time) : ILivingStarter
{
    public async Task<LivingRoom> StartAsync(LivingRoomRow room, Account anchor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Not cancelled half way: what is in the store gets into the table.
        var started = await store.StartAsync(room with { Id = table.NextId }, CancellationToken.None)
            ?? throw new InvalidOperationException("The store gave the room no id.");
        var key = new RoomKey(started.AppId, started.Id);
        await follower.ReadAsync(key);
        // Not there when it has been closed by now, through another node.
        var listed = table.Find(key) ?? new LivingRoom(started, time.GetTimestamp());
        listed.Anchor = anchor;
        return listed;
    }
}
