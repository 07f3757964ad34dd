using System.Text.RegularExpressions;

namespace Sailfish.Tests;

/// <summary>
/// The folders of a project from the bottom to the top. A folder may name those before it, so there is no circle. What
/// stands beside the folders is named by all and names none of them, but for the one file that puts all together.
/// </summary>
/// <param name="project">Its path from the root.</param>
/// <param name="top">The file that may name every folder.</param>
/// <param name="folders">From the bottom to the top.</param>
internal sealed class SourceLayers(string project, string top, string[] folders)
{
    private static readonly string[] Built = ["bin", "obj"];
    private readonly string _root = SourceTree.PathOf(project);
    private readonly string _space = Path.GetFileName(project);

    public IReadOnlyList<string> Folders => folders;

    /// <summary>Every source file of the project: its path in it, with slashes, and its text without comments and strings.</summary>
    public IEnumerable<(string File, string Text)> Sources =>
        from path in Directory.GetFiles(_root, "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(_root, path).Replace('\\', '/')
        where !Built.Contains(file.Split('/')[0])
        select (file, CodeOf(path));

    /// <summary>A source file without what is said in comments and texts.</summary>
    public static string CodeOf(string path) => Regex.Replace(File.ReadAllText(path), @"//.*|""(\\.|[^""\\\n])*""", "");

    public void AssertEachFolderHasItsLayer() =>
        Assert.Equal(folders.Order(), Sources.Where(source => source.File.Contains('/')).Select(source => source.File.Split('/')[0]).Distinct().Order());

    public void AssertFoldersNameOnlyLayersBelow() =>
        Assert.Empty(Sources.Where(source => source.File != top).SelectMany(source => Named(source.Text).Intersect(Above(source.File)).Select(other => $"{source.File} names {other}")));

    private string[] Above(string file) => folders[(Array.IndexOf(folders, file.Split('/')[0]) + 1)..];

    private IEnumerable<string> Named(string text) =>
        Regex.Matches(text, $@"{Regex.Escape(_space)}\.(\w+)|(?<![\w.])(\w+)\.[A-Z]").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value);
}
