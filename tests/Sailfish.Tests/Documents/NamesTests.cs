using System.Text.RegularExpressions;

namespace Sailfish.Tests.Documents;

/// <summary>Documents say what is: what they name is there.</summary>
public sealed partial class NamesTests
{
    /// <summary>Names of nobody and of others; and those that a closed decision says and that have gone since.</summary>
    private static readonly string[] NotOurs = ["AddX", "Sailfish__Gateway__TcpPort", "Sailfish__Http__Port", "UnfairSemaphoreSpinLimit"];

    private static readonly string[] SourceFolders = ["src", "tests", "perf", "web", ".github", ".ci"];

    private static readonly string[] CodeExtensions = [".cs", ".csproj", ".props", ".ts", ".vue", ".sql"];

    private static readonly Lazy<HashSet<string>> Words = new(() => [.. Sources().SelectMany(WordsOf)]);

    public static TheoryData<string> Documents => ["README.md", "CONTRIBUTING.md", "docs/design.md", "docs/performance.md", "perf/README.md", "web/README.md"];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Types_members_and_settings_that_a_document_names_are_there(string document) =>
        Assert.DoesNotContain(NamesIn(document).SelectMany(name => Word().Matches(name)).Select(m => m.Value).Except(NotOurs), word => !Words.Value.Contains(word));

    /// <summary>Of a decision only what cannot be plain words, for it speaks of names of people too.</summary>
    [Fact]
    public void Types_that_the_decisions_name_are_there()
    {
        var decisions = Directory.GetFiles(SourceTree.PathOf("docs/decisions"), "*.md").Select(Path.GetFileName);
        var named = from decision in decisions
                    from name in NamesIn($"docs/decisions/{decision}")
                    from Match word in Word().Matches(name)
                    where TwoWords().IsMatch(word.Value) && !NotOurs.Contains(word.Value) && !Words.Value.Contains(word.Value)
                    select $"{decision}: {name}";
        Assert.Empty(named);
    }

    /// <summary><c>Rooms/RoomPump</c>, <c>Storage/Sqlite</c>: folders of the server, and types by their files.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/design.md")]
    public void Types_stand_in_the_folders_that_a_document_says(string document)
    {
        var server = SourceTree.PathOf("src/Sailfish.Server");
        var placed = PlacedType().Matches(Text(document)).Select(m => (Folder: m.Groups[1].Value, After: m.Groups[2].Value)).Where(p => Directory.Exists(Path.Combine(server, p.Folder))).ToList();
        Assert.NotEmpty(placed);
        Assert.DoesNotContain(placed, p => !Directory.Exists(Path.Combine(server, p.Folder, p.After)) && !File.Exists(Path.Combine(server, p.Folder, $"{p.After}.cs")));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_that_a_document_names_are_there(string document) =>
        Assert.DoesNotContain(
            CodeIn(document).Where(code => SourcePath().IsMatch(code) && !code.StartsWith("perf/results", StringComparison.Ordinal)),
            path => !Path.Exists(SourceTree.PathOf(path)));

    [Fact]
    public void Links_between_the_documents_lead_somewhere()
    {
        var broken = from document in MarkdownFiles()
                     from Match link in Link().Matches(CodeBlock().Replace(Text(document), ""))
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(SourceTree.PathOf(document))!, link.Groups[1].Value))
                     select $"{document}: {link.Groups[1].Value}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Sections_that_the_sources_name_are_there()
    {
        var missing = from file in Sources()
                      where CodeExtensions.Contains(Path.GetExtension(file))
                      from Match named in Section().Matches(File.ReadAllText(file))
                      where !Regex.IsMatch(Text(named.Groups[1].Value), $@"^#+ {Regex.Escape(named.Groups[2].Value)}\.? ", RegexOptions.Multiline)
                      select $"{file}: {named.Value}";
        Assert.Empty(missing);
    }

    private static string Text(string document) => File.ReadAllText(SourceTree.PathOf(document));

    private static IEnumerable<string> CodeIn(string document) => Code().Matches(CodeBlock().Replace(Text(document), "")).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> NamesIn(string document) => CodeIn(document).Where(code => Name().IsMatch(code));

    private static IEnumerable<string> MarkdownFiles() =>
        Directory.GetFiles(SourceTree.Root, "*.md").Concat(Files("docs")).Concat(SourceFolders.SelectMany(Files)).Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(SourceTree.Root, file));

    private static IEnumerable<string> Sources() =>
        Directory.GetFiles(SourceTree.Root).Concat(SourceFolders.SelectMany(Files)).Where(file => !file.EndsWith(".md", StringComparison.Ordinal));

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(SourceTree.PathOf(folder), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Where(file => !Made().IsMatch(file));

    private static IEnumerable<string> WordsOf(string file)
    {
        var extension = Path.GetExtension(file);
        var text = extension == ".cs" ? SourceLayers.CodeOf(file) : CodeExtensions.Contains(extension) ? File.ReadAllText(file) : "";
        return Word().Matches($"{Path.GetFileName(file)} {text}").Select(m => m.Value);
    }

    [GeneratedRegex(@"/(bin|obj|node_modules|dist|results)/")]
    private static partial Regex Made();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Z][a-z]+[A-Z]\w*$")]
    private static partial Regex TwoWords();

    [GeneratedRegex(@"^[A-Z]\w*([./:][A-Za-z]\w*)*(\(\))?$")]
    private static partial Regex Name();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?<![\w/.])([A-Z]\w+)/([A-Z]\w+(?:/[A-Z]\w+)*)")]
    private static partial Regex PlacedType();

    [GeneratedRegex(@"^(src|tests|perf|web|docs|\.github|\.ci)/[\w./-]+$")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(docs/\w+\.md), section (\d+(?:\.\d+)?)")]
    private static partial Regex Section();
}
