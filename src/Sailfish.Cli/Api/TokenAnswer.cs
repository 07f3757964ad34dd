namespace Sailfish.Cli;

/// <summary>What POST /tokens answers.</summary>
internal sealed record TokenAnswer(string? Token);
