namespace Sailfish.Cli;

/// <summary>How many connections a call closed.</summary>
internal sealed record ClosedAnswer(int Closed);
