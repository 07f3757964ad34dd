using Sailfish.Server.Nodes;

namespace Sailfish.Server.Events;

/// <summary>Numbers that only grow, also over restarts. Taken under the user's lock, they order the user's events.</summary>
internal sealed class EpochClock(NodeLease lease)
{
    private readonly NodeNumbers _numbers = new(lease);

    public long Next() => _numbers.Next();
}
