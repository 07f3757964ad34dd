namespace Sailfish.Server.Storage.Postgres;

/// <summary>What a renewal has brought.</summary>
/// <param name="Nodes">All rows; this node's is among them, or the others have given it up.</param>
/// <param name="Era">The era.</param>
/// <param name="Clock">The database's.</param>
/// <param name="Asked">The timestamp before the question.</param>
/// <param name="Answered">The timestamp when <paramref name="Clock"/> came.</param>
internal sealed record NodeLook(IReadOnlyList<NodeRow> Nodes, Era Era, DateTimeOffset Clock, long Asked, long Answered);
