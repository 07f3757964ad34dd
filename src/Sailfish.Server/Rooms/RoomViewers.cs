using System.Globalization;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>
/// How many watch a room, wherever that is shown: those on this node, which are exact, and those on the others, as they last
/// told. A user who is in the room through two nodes is counted by both.
/// </summary>
internal sealed class RoomViewers(RoomTable rooms, IRoomCounts? counts = null)
{
    /// <summary>From memory. Of a room that nobody is in here, and nobody asked for lately, the first answer has none of the other nodes'.</summary>
    public int Of(RoomKey key) => (rooms.Find(key)?.Viewers ?? 0) + Elsewhere(key);

    /// <summary>From memory.</summary>
    public int Of(Room room) => room.Viewers + Elsewhere(room.Key);

    /// <summary>Of each room that a session is in, for its heartbeat.</summary>
    public Dictionary<string, int> Of(Session session) =>
        session.Rooms().ToDictionary(m => m.Room.Key.RoomId.ToString(CultureInfo.InvariantCulture), m => Of(m.Room));

    /// <summary>Waits for the other nodes' where it is not known.</summary>
    public async ValueTask<RoomAudience> ReadAsync(RoomKey key, CancellationToken cancellationToken)
    {
        var elsewhere = await ReadElsewhereAsync(key, cancellationToken);
        var room = rooms.Find(key);
        var viewers = (room?.Viewers ?? 0) + elsewhere.Viewers;
        return new RoomAudience(viewers, Math.Max(viewers, Math.Max(room?.Peak ?? 0, elsewhere.Peak)));
    }

    /// <summary>Those of the other nodes alone; read where they are not known.</summary>
    public async ValueTask<RoomElsewhere> ReadElsewhereAsync(RoomKey key, CancellationToken cancellationToken) =>
        counts is null ? RoomElsewhere.Nobody : counts.Find(key) ?? await counts.ReadAsync(key, cancellationToken);

    /// <summary>Whether somebody joined the room on another node, be it a moment ago.</summary>
    public async ValueTask<bool> IsJoinedElsewhereAsync(RoomKey key, CancellationToken cancellationToken) =>
        counts is not null && (counts.Find(key) is { Nodes.Count: > 0 } || (await counts.ReadAsync(key, cancellationToken)).Nodes.Count > 0);

    private int Elsewhere(RoomKey key) => counts?.Find(key)?.Viewers ?? 0;
}
