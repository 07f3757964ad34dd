using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>
/// Starts the rooms of a server that is alone: whoever sits in a room that is not yet a living room must not find an anchor there,
/// nor leave messages for the viewers to come.
/// </summary>
internal sealed class LivingStarter(LivingTable table, ILivingStore store, RoomTable rooms, IMessageHistory history) : ILivingStarter
{
    private const int Growth = 16;

    /// <summary>The farthest jump. Nobody uses so many ids that several such jumps all meet one.</summary>
    private const long MaxReach = 1L << 36;

    public async Task<LivingRoom> StartAsync(LivingRoomRow room, Account anchor, CancellationToken cancellationToken) =>
        table.FindOf(room.AppId, room.AnchorId) ?? table.Add(await StoreAsync(room, cancellationToken), anchor);

    private async Task<LivingRoomRow> StoreAsync(LivingRoomRow room, CancellationToken cancellationToken)
    {
        var id = table.NextId;
        // Each used id makes the next jump longer, at random: a block of any length is left behind in a few looks.
        for (var reach = 1L; reach <= MaxReach && Ids.IsRoom(id); reach *= Growth)
        {
            if (await TryStartAsync(room with { Id = id }, cancellationToken) is { } started)
                return started;
            id += 1 + Random.Shared.NextInt64(reach);
        }

        throw new InvalidOperationException("No free room id was found.");
    }

    private async Task<LivingRoomRow?> TryStartAsync(LivingRoomRow room, CancellationToken cancellationToken)
    {
        var key = new RoomKey(room.AppId, room.Id);
        if (rooms.Find(key) is not null || await history.FindConversationAsync(key.Conversation, cancellationToken) is not null)
            return null;
        table.GiveOut(key.RoomId);
        // From now on nobody joins. Who did while the log was read is seen here, and whose message is still on its way to
        // the log, in the store. Not cancelled half way: what is in the store gets into the table.
        if (rooms.Find(key) is null && await store.StartAsync(room, CancellationToken.None) is { } started)
            return started;
        table.Skip(key.RoomId);
        return null;
    }
}
