namespace Sailfish.Cli;

/// <summary>What POST /api/v1/users/{id}/tags takes.</summary>
internal sealed record TagRequest(string Tag);
