namespace Sailfish.Cli;

/// <summary>What GET /api/v1/cluster answers.</summary>
/// <param name="Nodes">All of them; one where a server is alone.</param>
/// <param name="Bus">Absent where a server is alone.</param>
/// <param name="Repairs">Of the node that was asked.</param>
internal sealed record ClusterAnswer(IReadOnlyList<NodeAnswer>? Nodes, string? Bus, long Repairs);
