using System.Text.RegularExpressions;

namespace Sailfish.Cli.Local;

/// <summary>A line that a node says: which of them somebody who tries things out is to see.</summary>
internal static partial class NodeLine
{
    /// <summary>What it says when it listens, from this word on; null for any other line.</summary>
    public static string? Listening(string line) => ListeningPart().Match(line) is { Success: true } match ? match.Value : null;

    /// <summary>Whether it is a warning or worse, or is no line of the log, as what is said of a start that failed.</summary>
    public static bool IsWorthTelling(string line) => !Quiet().IsMatch(line);

    [GeneratedRegex(@"listening tcp \S+ websocket \S+ http \S+(?: rtmp \S+)?")]
    private static partial Regex ListeningPart();

    [GeneratedRegex(@"^(\S+ )?(trce|dbug|info): ")]
    private static partial Regex Quiet();
}
