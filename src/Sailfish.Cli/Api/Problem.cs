namespace Sailfish.Cli;

/// <summary>RFC 9457, as far as a person reads it.</summary>
internal sealed record Problem(string? Title, string? Detail);
