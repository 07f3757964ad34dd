using Sailfish.Server.Hosting;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>What a node tells of itself with each renewal.</summary>
internal sealed class NodeState(ConnectionTable connections, RoomTable rooms, ServerState server)
{
    public int Connections => connections.Count;

    public int Rooms => rooms.Count;

    public bool IsDraining => server.IsDraining;

    public Task WhenDraining => server.WhenDraining;
}
