namespace Sailfish.Cli;

/// <summary>A failure that one line explains to the user.</summary>
internal sealed class CliException(string message) : Exception(message);
