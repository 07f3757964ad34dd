namespace Sailfish.Cli;

/// <summary>The data of a chat message.</summary>
internal sealed record SendContent(string Content);
