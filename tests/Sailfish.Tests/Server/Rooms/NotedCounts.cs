using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>Counts of other nodes that a test sets, and how often they were read.</summary>
internal sealed class NotedCounts : IRoomCounts
{
    public Dictionary<RoomKey, RoomElsewhere> Known { get; } = [];

    /// <summary>What a read gives, and then is known.</summary>
    public Dictionary<RoomKey, RoomElsewhere> Stored { get; } = [];

    public int Reads { get; private set; }

    public RoomElsewhere? Find(RoomKey room) => Known.GetValueOrDefault(room);

    public ValueTask<RoomElsewhere> ReadAsync(RoomKey room, CancellationToken cancellationToken)
    {
        Reads++;
        return ValueTask.FromResult(Known[room] = Stored.GetValueOrDefault(room, RoomElsewhere.Nobody));
    }
}
