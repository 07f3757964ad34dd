using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A node's row.</summary>
/// <param name="Info">What all may know of it.</param>
/// <param name="LeaseUntil">As it stands there: whether the node lives is seen by its change.</param>
internal sealed record NodeRow(NodeInfo Info, DateTime LeaseUntil)
{
    public long Generation => Info.Generation;
}
