namespace Sailfish.Cli;

/// <summary>What GET /api/v1/users/{id}/online answers.</summary>
internal sealed record OnlineAnswer(bool Online, IReadOnlyList<OnlineSession>? Sessions);
