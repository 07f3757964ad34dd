namespace Sailfish.Server.Cluster;

/// <summary>What one node answered.</summary>
/// <param name="Node">Its generation.</param>
/// <param name="Payload">The answer.</param>
internal readonly record struct NodeAnswer(long Node, ReadOnlyMemory<byte> Payload);
