namespace Sailfish.Cli.Local;

/// <param name="Nodes">How many.</param>
/// <param name="Folder">Of all data; null for a temporary one.</param>
/// <param name="IsNats">NATS is the bus, not PostgreSQL.</param>
/// <param name="Program">The server's program; null to look for it.</param>
/// <param name="Postgres">The folder of PostgreSQL's programs; null to look for it.</param>
internal sealed record LocalOptions(int Nodes, string? Folder, bool IsNats, string? Program, string? Postgres);
