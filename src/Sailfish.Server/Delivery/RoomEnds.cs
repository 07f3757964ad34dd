using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Delivery;

/// <summary>Reads the ends of rooms that have members here, and have been closed in the log.</summary>
internal sealed class RoomEnds(RoomTable rooms, GapReader gaps)
{
    /// <summary>The last messages of those of some rooms that are closed, and whose members here were not told so.</summary>
    /// <exception cref="TimeoutException">The log gave no answer.</exception>
    public async Task<IReadOnlyDictionary<RoomKey, StoredMessage>> ReadAsync(IReadOnlyDictionary<RoomKey, RoomNewest> newest)
    {
        Dictionary<RoomKey, StoredMessage> ends = [];
        foreach (var (key, (seq, isClosed)) in newest)
        {
            if (isClosed && rooms.Find(key) is { End: null } room && await ReadAsync(room, seq) is { } end)
                ends.Add(key, end);
        }

        return ends;
    }

    /// <summary>The message that ended a room; null when retention has taken it.</summary>
    /// <exception cref="TimeoutException">The log gave no answer.</exception>
    public async Task<StoredMessage?> ReadAsync(Room room, long seq)
    {
        var page = await gaps.ReadAsync(room.Conversation, seq - 1, seq);
        return page.Messages is [var end] ? end : null;
    }
}
