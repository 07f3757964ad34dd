using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>The anchors of a server that is alone: who is not in the room here is nowhere.</summary>
internal sealed class AnchorWatch(LivingTable table, ILivingStore store, RoomTable rooms, IRoomStreams streams, IOptions<LivingOptions> options, TimeProvider time) : IAnchorWatch
{
    public void LookIn(LivingRoom room)
    {
        if (IsKept(room))
            room.AnchorSeen = time.GetTimestamp();
    }

    public Task NoteAsync() => Task.CompletedTask;

    public Task<IReadOnlyList<LivingRoom>> FindDesertedAsync() => Task.FromResult<IReadOnlyList<LivingRoom>>([.. table.All().Where(IsDeserted)]);

    public ValueTask CloseAsync(LivingCounts last, Submission end) => store.CloseAsync(last, end);

    private bool IsDeserted(LivingRoom room) =>
        time.GetElapsedTime(room.AnchorSeen) > TimeSpan.FromSeconds(options.Value.AnchorAwaySeconds) && !IsKept(room);

    private bool IsKept(LivingRoom room) => rooms.HasAnchor(room) || streams.Find(room.Key).KeepsOpen;
}
