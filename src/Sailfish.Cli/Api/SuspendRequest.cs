namespace Sailfish.Cli;

/// <summary>POST /users/{id}/suspend.</summary>
internal sealed record SuspendRequest(int? Seconds, string? Reason);
