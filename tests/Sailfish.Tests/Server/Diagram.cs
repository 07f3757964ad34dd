using System.Text.RegularExpressions;

namespace Sailfish.Tests.Server;

/// <summary>The flow chart of a Markdown text, whose boxes name a folder and, below it, types of the folder.</summary>
internal static class Diagram
{
    /// <summary>The boxes of the longest way through it, from <c>sender</c> on.</summary>
    public static List<(string Folder, List<string> Types)> Read(string markdown)
    {
        var lines = Regex.Match(markdown, @"```mermaid\n(.*?)```", RegexOptions.Singleline).Groups[1].Value.Split('\n');
        var arrows = lines.Select(line => Regex.Match(line, @"^\s*(\w+).* -->(?:\|[^|]*\|)? (\w+)")).Where(m => m.Success).ToLookup(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var boxes = lines.SelectMany(line => Regex.Matches(line, @"(\w+)\[\(?([\w/]+)<br/>(.*?)\)?\]")).ToDictionary(m => m.Groups[1].Value);
        return [.. Longest("sender", arrows).Where(boxes.ContainsKey).Select(id => boxes[id]).Select(box => (box.Groups[2].Value.Split('/')[0], TypesIn(box.Groups[3].Value)))];
    }

    private static List<string> Longest(string from, ILookup<string, string> arrows) =>
        [from, .. arrows[from].Select(to => Longest(to, arrows)).MaxBy(way => way.Count) ?? []];

    private static List<string> TypesIn(string text) => [.. Regex.Matches(text, @"\b[A-Z][a-z]\w*").Select(m => m.Value)];
}
