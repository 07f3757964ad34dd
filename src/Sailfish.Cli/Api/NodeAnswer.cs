namespace Sailfish.Cli;

/// <summary>One node of a cluster.</summary>
internal sealed record NodeAnswer(string? Node, string? Name, string? Version, int Connections, int Rooms, bool Draining, long? LeaseMs);
