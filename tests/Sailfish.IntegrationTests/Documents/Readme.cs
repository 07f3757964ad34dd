using System.Text.RegularExpressions;

namespace Sailfish.IntegrationTests.Documents;

/// <summary>What the project's own texts tell people to write and to run.</summary>
internal static partial class Readme
{
    public static string Read(string file) => File.ReadAllText(SourceTree.PathOf(file));

    /// <summary>The text's code blocks in a language; "" for those that name none.</summary>
    public static List<string> Blocks(string file, string language) =>
        [.. Block().Matches(Read(file)).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value)];

    /// <summary>Replaces what must be there.</summary>
    public static string With(this string text, string old, string changed) =>
        text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, changed, StringComparison.Ordinal) : throw new ArgumentException($"There is no '{old}' in: {text}");

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
