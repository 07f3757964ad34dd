namespace Sailfish.Cli;

/// <summary>What the calls about tags answer.</summary>
internal sealed record TagAnswer(IReadOnlyList<string>? Tags);
