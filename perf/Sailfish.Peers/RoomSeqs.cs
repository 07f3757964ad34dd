using System.Collections.Concurrent;

namespace Sailfish.Peers;

/// <summary>Numbers the messages of each room.</summary>
internal sealed class RoomSeqs
{
    private readonly ConcurrentDictionary<long, long> _last = [];

    internal long Next(long roomId) => _last.AddOrUpdate(roomId, 1, static (_, last) => last + 1);
}
