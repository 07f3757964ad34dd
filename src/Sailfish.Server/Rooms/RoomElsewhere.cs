namespace Sailfish.Server.Rooms;

/// <summary>What the other nodes have of a room.</summary>
/// <param name="Viewers">Distinct users of each of them, summed.</param>
/// <param name="Peak">The most viewers, of all nodes together, that one of the nodes has seen, this one among them.</param>
/// <param name="Nodes">The others that are brought its messages, by their generations: whoever else is in the room is on one of them.</param>
internal sealed record RoomElsewhere(int Viewers, int Peak, IReadOnlyList<long> Nodes)
{
    public static RoomElsewhere Nobody { get; } = new(0, 0, []);
}
