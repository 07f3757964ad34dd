namespace Sailfish.Cli.Terminal;

/// <summary>A line of the input; no text when it is not valid in the terminal's encoding.</summary>
internal readonly record struct InputLine(string? Text);
