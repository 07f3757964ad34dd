namespace Sailfish.Cli;

/// <summary>Exactly one of both.</summary>
internal sealed record SendTarget(long? User, long? Room);
